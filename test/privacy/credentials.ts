/**
 * Texts that hold a credential, made at run time from parts: no literal in this file looks like one. Each is the text and
 * what must not be left of it.
 */
export interface Case {
  readonly text: string;
  readonly secret: string;
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = UPPER.toLowerCase();
const DIGITS = '0123456789';
const WORD = UPPER + LOWER + DIGITS;
const HEX = '0123456789abcdef';

/** A run of characters that is the same in every run of the tests; holds a letter and a digit. */
export function run(length: number, alphabet: string = WORD, seed = length): string {
  let state = seed * 2_654_435_761 + 1;
  const pick = () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
    return alphabet.charAt((state >>> 8) % alphabet.length);
  };
  const drawn = Array.from({ length: Math.max(0, length - 2) }, pick).join('');
  return `${drawn}${alphabet.includes('7') ? '7' : 'Z'}${alphabet.includes('f') ? 'f' : 'Q'}`.slice(0, length);
}

const token = (begin: string, length: number, alphabet: string = WORD): string => `${begin}${run(length, alphabet)}`;

/** Tokens known by how they begin, with nothing around them that says what they are. */
export const TOKENS: readonly string[] = [
  ...['AKIA', 'ASIA', 'ABIA', 'ACCA'].map((begin) => `${begin}${run(15, UPPER)}2`),
  token('AI' + 'za', 35),
  token('ya' + '29.', 60),
  token('1/' + '/0', 60),
  token('GOC' + 'SPX-', 28),
  ...['p', 'o', 'u', 's', 'r'].map((letter) => token(`gh${letter}_`, 36)),
  `${token('github' + '_pat_', 22)}_${run(59)}`,
  ...['glpat', 'glptt', 'gldt', 'glrt', 'glcbt', 'gloas', 'glsoat', 'glft', 'glimt'].map((begin) =>
    token(`${begin}-`, 20),
  ),
  token('ATA' + 'TT3xFfG', 150),
  token('ATB' + 'B', 32),
  ...['a', 'b', 'e', 'p', 'r', 's'].map((letter) => `xo${'x'}${letter}-${run(12, DIGITS)}-${run(24)}`),
  `xoxe.xo${'xp'}-1-${run(60)}`,
  `xa${'pp'}-1-${run(11)}-${run(13, DIGITS)}-${run(64, HEX)}`,
  token('sk-' + 'ant-api03-', 93),
  token('sk-' + 'ant-oat01-', 93),
  token('sk-' + 'proj-', 120),
  token('sk-' + 'svcacct-', 80),
  token('sk-' + 'or-v1-', 64, HEX),
  token('sk-' + 'lf-', 36, `${HEX}`),
  token('sk-', 48),
  token('sk-', 22),
  token('h' + 'f_', 34),
  token('sk_' + 'live_', 24),
  token('sk_' + 'test_', 24),
  token('rk_' + 'live_', 24),
  token('wh' + 'sec_', 32),
  token('S' + 'K', 32, HEX),
  `S${'G'}.${run(22)}.${run(43)}`,
  token('np' + 'm_', 36),
  token('py' + 'pi-AgEIcHlwaS5vcmc', 150),
  token('dckr' + '_pat_', 27),
  token('hv' + 's.', 90),
  token('hv' + 'b.', 90),
  token('da' + 'pi', 32, HEX),
  token('gl' + 'sa_', 41),
  token('gs' + 'k_', 52),
  token('shp' + 'at_', 32, HEX),
  token('dop' + '_v1_', 64, HEX),
  token('lin' + '_api_', 40),
  token('NR' + 'AK-', 27),
  `${run(3)}8${'Q'}~${run(34)}`,
  `ey${'J'}${run(30)}.ey${'J'}${run(120)}.${run(43)}`,
  `ey${'J'}${run(30)}.ey${'J'}${run(120)}`,
  `ey${'J'}${run(60)}.${run(40)}.${run(16)}.${run(80)}.${run(22)}`,
  `AGE-SECRET-${'KEY'}-1${run(58, UPPER + DIGITS)}`,
];

/** Where a token can stand: alone, in prose, in JSON, in JSON kept as text, in addresses and lists. */
const SURROUNDINGS: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => `use ${secret} for now, thanks`,
  (secret) => JSON.stringify({ note: `line\n${secret}\tend` }),
  (secret) => JSON.stringify({ body: JSON.stringify({ note: `see\n${secret}` }) }),
  (secret) => `https://example.com/x?y=${secret}&z=1`,
  (secret) => `%22${secret}%22`,
];

const password = `hunter2${run(9)}`;
const key = run(32);
const HEX_KEY = run(32, HEX);

/** Values a telling name gives away: the form of the assignment, with the value in place. */
const ASSIGNMENTS: readonly (readonly [string, (value: string) => string])[] = [
  [password, (value) => `password=${value}`],
  [password, (value) => `password: ${value}`],
  [password, (value) => `PASSWORD = "${value}"`],
  [password, (value) => `"password": "${value}"`],
  [password, (value) => `'password' => '${value}'`],
  [password, (value) => `password := \`${value}\``],
  [password, (value) => `{\\"password\\": \\"${value}\\", \\"user\\": \\"ada\\"}`],
  [password, (value) => JSON.stringify(JSON.stringify(JSON.stringify({ password: value, user: 'ada' })))],
  [password, (value) => `export DB_PASSWORD='${value}'; ./run`],
  [password, (value) => `PGPASSWORD=${value} psql -h db`],
  [password, (value) => `MYSQL_PWD=${value} mysql`],
  [password, (value) => `docker run -e POSTGRES_PASSWORD=${value} postgres`],
  [password, (value) => `dbPassword: '${value}',`],
  [password, (value) => `spring.datasource.password=${value}`],
  [password, (value) => `config["password"] = "${value}"`],
  [password, (value) => `password: str = "${value}"`],
  [password, (value) => `const adminPassword: string = '${value}';`],
  [password, (value) => `<password>${value}</password>`],
  [password, (value) => `<add key="x" password="${value}" />`],
  [password, (value) => `login --user ada --password ${value} --verbose`],
  [password, (value) => `["login", "--password", "${value}"]`],
  [password, (value) => `{"name": "DB_PASSWORD", "value": "${value}"}`],
  [password, (value) => `{"key":"db.password","value":{"stringValue":"${value}"}}`],
  [password, (value) => `password=${value}&user=ada`],
  [password, (value) => `user=ada&passwd=${value}`],
  [password, (value) => `password%3D${value}%26x`],
  [password, (value) => `Server=db;Database=a;User Id=sa;Password=${value};Encrypt=true`],
  [password, (value) => `Server=db;Uid=sa;Pwd=${value};`],
  [password, (value) => `host=db user=ada password=${value} dbname=x`],
  [password, (value) => `machine example.com login ada password ${value}`],
  [password, (value) => `ALTER USER ada WITH PASSWORD '${value}';`],
  [password, (value) => `CREATE USER 'a'@'%' IDENTIFIED BY '${value}';`],
  [password, (value) => `sshpass -p '${value}' ssh host`],
  [password, (value) => `mysql -u root -p${value} shop`],
  [password, (value) => `curl -u ada:${value} https://example.com`],
  [password, (value) => `curl -s --user "ada:${value}" https://example.com`],
  [password, (value) => `os.environ.get("DB_PASSWORD", "${value}")`],
  [password, (value) => `DB_PASS=${value}`],
  [password, (value) => `ssh_key_passphrase="${value} and more words"`],
  [password, (value) => `password1=${value}`],
  [password, (value) => `echo "line one\\npassword=${value}\\nuser=ada"`],
  [password, (value) => `{"cmd":"printf 'a\\npassword: ${value}\\n'"}`],
  [`p@ss,w;${password}`, (value) => `password=${value}`],
  [`${password}"quoted`, (value) => JSON.stringify({ password: value, next: 1 })],
  [`${password} with blanks`, (value) => `"password": "${value}"`],
  ['swordfish', (value) => `password: ${value}`],
  ['swordfish', (value) => `password=${value}`],
  ['123456', (value) => `password: ${value}`],
  [key, (value) => `secret=${value}`],
  [key, (value) => `client_secret: ${value}`],
  [key, (value) => `"clientSecret": "${value}"`],
  [key, (value) => `AZURE_CLIENT_SECRET="${value}"`],
  [run(40), (value) => `AWS_SECRET_ACCESS_KEY=${value}`],
  [run(40), (value) => `aws_secret_access_key = ${value}`],
  [run(40), (value) => `"SecretAccessKey": "${value}"`],
  [run(40), (value) => `secretAccessKey: '${value}'`],
  [run(300), (value) => `aws_session_token=${value}`],
  [`${run(86)}==`, (value) => `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${value};EndpointSuffix=x`],
  [`${run(43)}=`, (value) => `Endpoint=sb://a.example/;SharedAccessKeyName=n;SharedAccessKey=${value}`],
  [key, (value) => `api_key=${value}`],
  [key, (value) => `apiKey: '${value}'`],
  [key, (value) => `X-Api-Key: ${value}`],
  [HEX_KEY, (value) => `DD-API-KEY: ${value}`],
  [HEX_KEY, (value) => `OPENAI_API_KEY=${value}`],
  [HEX_KEY, (value) => `TWILIO_AUTH_TOKEN=${value}`],
  [key, (value) => `token=${value}`],
  [key, (value) => `token: ${value}`],
  [key, (value) => `"token": "${value}"`],
  [key, (value) => `"access_token":"${value}","expires_in":3600`],
  [key, (value) => `refresh_token=${value}&grant_type=refresh_token`],
  [key, (value) => `authToken: "${value}"`],
  [key, (value) => `//registry.example.com/:_authToken=${value}`],
  [key, (value) => `X-Vault-Token: ${value}`],
  [key, (value) => `PRIVATE-TOKEN: ${value}`],
  [key, (value) => `--token ${value}`],
  [key, (value) => `--api-key=${value}`],
  [key, (value) => `{"auths":{"r.example":{"auth":"${value}"}}}`],
  [key, (value) => `encryption_key: ${value}`],
  [key, (value) => `signing_key = "${value}"`],
  [key, (value) => `private_key="${value}"`],
  [key, (value) => `credentials: "${value}"`],
  [key, (value) => `https://example.com/cb?access_token=${value}`],
  [key, (value) => `https://a.blob.example/c?sv=1&sig=${value}%3D&se=2`],
  [key, (value) => `https://b.example/k?X-Amz-Date=1&X-Amz-Signature=${value}`],
  [key, (value) => `Authorization: Bearer ${value}`],
  [key, (value) => `"Authorization": "Bearer ${value}"`],
  [key, (value) => `{\\"Authorization\\":\\"Bearer ${value}\\"}`],
  [key, (value) => `-H 'Authorization: token ${value}'`],
  [key, (value) => `Authorization: Splunk ${value}`],
  [key, (value) => `Proxy-Authorization: Basic ${value}`],
  [key, (value) => `Authorization=Basic%20${value}`],
  [key, (value) => `authorization: ${value}`],
  [key, (value) => `sent Bearer ${value} along`],
  [Buffer.from(`ada:${password}`).toString('base64'), (value) => `header Basic ${value} was sent`],
  [key, (value) => `Cookie: session=${value}; theme=dark`],
  [key, (value) => `Set-Cookie: sid=${value}; Path=/; HttpOnly`],
  [key, (value) => `"cookie": "sid=${value}"`],
  [password, (value) => `https://ada:${value}@example.com/x`],
  [password, (value) => `postgres://ada:${value}@db:5432/shop`],
  [password, (value) => `postgresql+psycopg2://ada:${value}@db/shop`],
  [password, (value) => `mongodb+srv://ada:${value}@c.example/x?y=1`],
  [password, (value) => `redis://:${value}@cache:6379/0`],
  [password, (value) => `amqps://ada:${value}@mq.example/v`],
  [`${password}@x`, (value) => `mysql://root:${value}@db/a`],
  [`pa/ss#${password}`, (value) => `postgres://ada:${value}@db/shop`],
  [key, (value) => `git clone https://${value}@git.example/x.git`],
  [key, (value) => `git clone https://oauth2:${value}@git.example/x.git`],
  [`T0${run(8, UPPER)}/B0${run(8, UPPER)}/${run(24)}`, (value) => `https://hooks.slack.com/services/${value}`],
];

const BASE64 = Array.from({ length: 6 }, (_, line) => run(64, WORD, line + 1));
const begin = (what: string) => `-----${'BEGIN'} ${what}-----`;
const end = (what: string) => `-----${'END'} ${what}-----`;

function pem(what: string, lineBreak: string): string {
  return [begin(what), ...BASE64, `${run(20)}==`, end(what), ''].join(lineBreak);
}

const KEYS: readonly Case[] = [
  ...['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'].map(
    (what) => ({
      text: `key:\n${pem(what, '\n')}after`,
      secret: BASE64.join('\n'),
    }),
  ),
  { text: JSON.stringify({ type: 'service_account', private_key: pem('PRIVATE KEY', '\n') }), secret: BASE64.join() },
  { text: JSON.stringify(JSON.stringify({ private_key: pem('PRIVATE KEY', '\n') })), secret: BASE64.join() },
  { text: pem('RSA PRIVATE KEY', '\r\n'), secret: BASE64.join() },
  { text: pem('PGP PRIVATE KEY BLOCK', '\n'), secret: BASE64.join() },
  { text: `${begin('PRIVATE KEY')}\n${BASE64.join('\n')}`, secret: BASE64.join() },
  {
    text: `${begin('PRIVATE KEY')}\\n${BASE64.slice(0, 3).join('\\n')}\\n${run(11)}`,
    secret: `${BASE64.slice(0, 3).join()}${run(11)}`,
  },
  { text: `${BASE64.slice(2).join('\n')}\n${run(20)}==\n${end('PRIVATE KEY')}\n`, secret: BASE64.slice(2).join() },
  { text: `${BASE64.slice(2).join('\\n')}\\n${end('RSA PRIVATE KEY')}\\n`, secret: BASE64.slice(2).join() },
  {
    text: `AWS keys: ${'AK' + 'IA'}${run(16, UPPER)},${run(40)}`,
    secret: `${'AK' + 'IA'}${run(16, UPPER)},${run(40)}`,
  },
];

export const CREDENTIALS: readonly Case[] = [
  ...TOKENS.flatMap((secret, index) => {
    const surround = SURROUNDINGS[index % SURROUNDINGS.length] ?? String;
    return [
      { text: secret, secret },
      { text: surround(secret), secret },
      { text: `"x": "${secret}"`, secret },
    ];
  }),
  ...ASSIGNMENTS.map(([secret, form]) => ({ text: form(secret), secret })),
  ...KEYS,
];
