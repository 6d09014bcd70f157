import { DIGITS, HEX, LOWER, type Random, UPPER, WORD } from './random.ts';

/** How a credential of one kind is made; prefixes are joined here, so that no literal looks like one. */
type Make = (draw: Random) => string;

/** Random characters that hold a digit and a letter. */
const key = (draw: Random, length: number, alphabet: string = WORD): string =>
  `${draw.text(length - 2, alphabet)}${alphabet.includes('4') ? '4' : 'Z'}${alphabet.includes('e') ? 'e' : 'Q'}`;

const prefixed =
  (parts: readonly string[], length: number, alphabet: string = WORD): Make =>
  (draw) =>
    `${parts.join('')}${key(draw, length, alphabet)}`;

/** Credentials that say by their shape what they are: kind by kind. */
export const STRUCTURED: Readonly<Record<string, readonly Make[]>> = {
  'aws-key': ['AKIA', 'ASIA'].map(
    (begin) => (draw: Random) => `${begin}${draw.text(15, UPPER)}${draw.one(['2', '5'])}`,
  ),
  'aws-session-token': [prefixed(['IQoJ', 'b3JpZ2lu'], 300)],
  'google-key': [prefixed(['AI', 'za'], 35)],
  'google-token': [prefixed(['ya', '29.'], 80)],
  'google-secret': [prefixed(['GOC', 'SPX-'], 28)],
  'azure-secret': [(draw) => `${draw.text(3, WORD)}8${'Q'}~${key(draw, 34)}`],
  'github-token': [
    ...['ghp', 'gho', 'ghs', 'ghu'].map((begin) => prefixed([begin, '_'], 36)),
    prefixed(['github', '_pat_'], 82),
  ],
  'gitlab-token': ['glpat', 'gldt', 'glrt', 'glptt'].map((begin) => prefixed([begin, '-'], 20)),
  'bitbucket-password': [prefixed(['ATB', 'B'], 32)],
  'bitbucket-token': [prefixed(['BBD', 'C-'], 44)],
  'atlassian-token': [prefixed(['ATA', 'TT3xFfGF0'], 170)],
  'anthropic-key': [prefixed(['sk-', 'ant-api03-'], 95), prefixed(['sk-', 'ant-admin01-'], 95)],
  'openai-key': [prefixed(['sk-', 'proj-'], 120), prefixed(['sk-', 'svcacct-'], 100)],
  'api-key': [
    prefixed(['sk-', ''], 48),
    prefixed(['sk-', 'or-v1-'], 64, HEX),
    prefixed(['gs', 'k_'], 52),
    prefixed(['xa', 'i-'], 80),
    prefixed(['pp', 'lx-'], 48),
    prefixed(['nv', 'api-'], 64),
    prefixed(['cs', 'k-'], 48, LOWER + DIGITS),
  ],
  'huggingface-token': [prefixed(['h', 'f_'], 34)],
  'replicate-token': [prefixed(['r', '8_'], 37)],
  'langsmith-key': [prefixed(['lsv2', '_pt_'], 32, HEX)],
  'pinecone-key': [prefixed(['pc', 'sk_'], 70)],
  'databricks-token': [prefixed(['da', 'pi'], 32, HEX)],
  'slack-token': [
    (draw) => `${['xo', 'xb'].join('')}-${draw.text(12, DIGITS)}-${draw.text(12, DIGITS)}-${key(draw, 24)}`,
  ],
  'telegram-token': [(draw) => `A${'A'}${key(draw, 33)}`],
  'stripe-key': [prefixed(['sk_', 'live_'], 24), prefixed(['rk_', 'live_'], 24)],
  'square-token': [prefixed(['sq0', 'atp-'], 22)],
  'razorpay-key': [prefixed(['rzp', '_live_'], 14)],
  'sendgrid-key': [(draw) => `S${'G'}.${key(draw, 22)}.${key(draw, 43)}`],
  'mailgun-key': [prefixed(['ke', 'y-'], 32, HEX)],
  'twilio-key': [prefixed(['S', 'K'], 32, HEX)],
  'npm-token': [prefixed(['np', 'm_'], 36)],
  'pypi-token': [prefixed(['py', 'pi-AgEIcHlwaS5vcmc'], 150)],
  'rubygems-key': [prefixed(['ruby', 'gems_'], 48, HEX)],
  'docker-token': [prefixed(['dckr', '_pat_'], 27)],
  'circleci-token': [prefixed(['CCI', 'PAT_'], 62)],
  'sonar-token': [prefixed(['sq', 'p_'], 40, HEX)],
  'sentry-token': [prefixed(['snt', 'rys_'], 120)],
  'vault-token': [prefixed(['hv', 's.'], 95)],
  'doppler-token': [prefixed(['dp', '.pt.'], 43)],
  'supabase-key': [prefixed(['sb', 'p_'], 40, HEX)],
  'planetscale-password': [prefixed(['psc', 'ale_pw_'], 43)],
  'digitalocean-token': [prefixed(['dop', '_v1_'], 64, HEX)],
  'heroku-key': [prefixed(['HR', 'KU-'], 60)],
  'pulumi-token': [prefixed(['pu', 'l-'], 40, HEX)],
  'grafana-token': [prefixed(['gl', 'sa_'], 41)],
  'newrelic-key': [prefixed(['NR', 'AK-'], 27)],
  'postman-key': [(draw) => `${['PM', 'AK'].join('')}-${key(draw, 24, HEX)}-${key(draw, 34, HEX)}`],
  'figma-token': [prefixed(['fi', 'gd_'], 43)],
  'notion-token': [prefixed(['nt', 'n_'], 46)],
  'shopify-token': [prefixed(['shp', 'at_'], 32, HEX)],
  'linear-key': [prefixed(['lin', '_api_'], 40)],
  jwt: [(draw) => `ey${'J'}${key(draw, 34)}.ey${'J'}${key(draw, 140)}.${key(draw, 43)}`],
  'private-key': ['PRIVATE KEY', 'RSA PRIVATE KEY', 'OPENSSH PRIVATE KEY'].map(
    (what) => (draw: Random) => pem(draw, what),
  ),
};

function pem(draw: Random, what: string): string {
  const lines = Array.from({ length: 6 }, () => draw.text(64, WORD));
  return [`-----${'BEGIN'} ${what}-----`, ...lines, `${draw.text(30, WORD)}==`, `-----${'END'} ${what}-----`].join(
    '\n',
  );
}

/** A credential known by the words around it: the text with `{}` where it stands, its kind, how it is made. */
export interface Named {
  readonly kind: string;
  readonly form: string;
  readonly make: Make;
}

const secret: Make = (draw) => key(draw, 32);
const password: Make = (draw) => `${draw.one(['Winter', 'hunter', 'Kx9!m', 'tr0ub4dor'])}${key(draw, 8)}`;

const of = (kind: string, make: Make, forms: readonly string[]): readonly Named[] =>
  forms.map((form) => ({ kind, form, make }));

/** What providers without a telling prefix give out, and databases: hand-written forms. */
export const NAMED: readonly Named[] = [
  ...of('password', password, [
    'postgres://trail:{}@db.internal:5432/audit',
    'postgresql+asyncpg://app:{}@10.0.0.5/app',
    'mysql://root:{}@mysql:3306/shop',
    'mongodb+srv://svc:{}@cluster0.abcde.example/prod?retryWrites=true',
    'redis://default:{}@cache.internal:6379/1',
    'rediss://:{}@cache.internal:6380',
    'amqps://worker:{}@mq.internal/vhost',
    'clickhouse://audit:{}@ch.internal:9440/audit',
    'jdbc connection: Server=sql01;Database=Claims;User Id=sa;Password={};Encrypt=true',
    'PGPASSWORD={} psql -h db.internal -U trail -c "select 1"',
    'MYSQL_PWD={} mysqldump shop > shop.sql',
    'mysql -u root -p{} shop < dump.sql',
    'sshpass -p {} ssh deploy@web1.internal uptime',
    'curl -u admin:{} https://nexus.internal/service/rest/v1/status',
    'docker run -d -e POSTGRES_PASSWORD={} postgres:17',
    'spring.datasource.password={}',
    'docker login -u ci -p {} registry.internal',
    'az login --service-principal -u app -p {} --tenant t',
    'redis-cli -h cache.internal -a {} ping',
    'openssl rsa -in a.pem -passin pass:{} -out b.pem',
    'the password is {} until tomorrow',
    'Das Passwort für die Datenbank, password ist {}',
    'db:\n  user: trail\n  password: {}\n  host: db.internal',
    '{"host":"db.internal","user":"trail","password":"{}","port":5432}',
    "  'password' => '{}',",
    'const dbPassword = "{}";',
    "CREATE USER 'app'@'%' IDENTIFIED BY '{}';",
    "ALTER ROLE trail WITH PASSWORD '{}';",
    'machine git.internal login ada password {}',
    '<property name="password" value="{}"/>',
    'Das Passwort steht in der .env: DB_PASSWORD={}',
    'le mot de passe est dans le fichier, DB_PASSWORD="{}"',
    '{"tool_input":{"command":"export DB_PASSWORD={} && ./migrate"}}',
    '{"body":"{\\"password\\":\\"{}\\"}"}',
  ]),
  ...of('key', secret, [
    'MISTRAL_API_KEY={}',
    'COHERE_API_KEY="{}"',
    "os.environ['MISTRAL_API_KEY'] = '{}'",
    'co = cohere.Client(api_key="{}")',
    'export AZURE_OPENAI_API_KEY={}',
    'api-key: {}',
    '{"apiKey":"{}","endpoint":"https://oai.internal"}',
    'DD_API_KEY={} datadog-agent run',
    'ALGOLIA_ADMIN_API_KEY={}',
    'x-api-key: {}',
    'DefaultEndpointsProtocol=https;AccountName=trail;AccountKey={};EndpointSuffix=core.windows.example',
    'Endpoint=sb://bus.example/;SharedAccessKeyName=Root;SharedAccessKey={}',
    'AWS_SECRET_ACCESS_KEY={}',
    'aws configure set aws_secret_access_key {}',
    'aws_secret_access_key = {}',
    '"SecretAccessKey": "{}"',
    'encryption_key: "{}"',
  ]),
  ...of('secret', secret, [
    'client_secret={}&grant_type=client_credentials',
    'AZURE_CLIENT_SECRET={}',
    '"clientSecret": "{}"',
    'oauth:\n  client_id: trail\n  client_secret: {}',
    'SESSION_SECRET={}',
    'webhook_secret = "{}"',
  ]),
  ...of('token', secret, [
    'CI_JOB_TOKEN={}',
    'npm config set //registry.example/:_authToken {}',
    'BUILDKITE_AGENT_TOKEN={}',
    'PRIVATE-TOKEN: {}',
    '"refresh_token": "{}"',
    'helm registry login --token {}',
    'VAULT_TOKEN={}',
    'TWILIO_AUTH_TOKEN={}',
    '//registry.npmjs.example/:_authToken={}',
  ]),
  ...of('authorization', secret, [
    "curl -H 'Authorization: Bearer {}' https://api.internal/v1/me",
    '"Authorization": "Bearer {}"',
    'proxy said: authorization: Bearer {}',
    'headers={"Authorization": "Splunk {}"}',
  ]),
  ...of('cookie', (draw) => `session=${key(draw, 32)}`, ['Cookie: {}', 'Set-Cookie: {}']),
  ...of('signature', secret, [
    'https://trail.blob.example/logs/a.json?sv=2024-11-04&se=2026-01-01&sig={}',
    'https://bucket.example/k?X-Amz-Expires=600&X-Amz-Signature={}',
  ]),
];

/** The kinds of `STRUCTURED`, in the order of the figures. */
export const STRUCTURED_KINDS: readonly string[] = Object.keys(STRUCTURED);
