import { type Detector, withoutMarks } from './detector.ts';

/** Longest user name and password in an address. */
const USERINFO = 512;

/** RFC 3986, 3.2.1: `//name:password@host`; to the last @ before the path. */
const WITH_PASSWORD = new RegExp(`://[^\\s/?#@:"'\`<>\\\\]{0,${USERINFO}}:([^\\s/?#"'\`<>\\\\]{1,${USERINFO}})@`, 'y');

/** Passwords of database addresses are often not encoded and hold / ? or #. */
const NOT_ENCODED = new RegExp(
  `://[^\\s/?#@:"'\`<>\\\\]{0,${USERINFO}}:(?![0-9]{1,5}(?:[/,?]|$))([^\\s"'\`<>\\\\]{1,${USERINFO}})@`,
  'y',
);
const DATABASE =
  /(?:postgres|postgresql|mysql|mariadb|mongodb|mongodb\+srv|rediss?|amqps?|clickhouse|mssql|sqlserver)$/i;

/** A token in place of name and password. */
const TOKEN_ALONE = /:\/\/((?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_-]{20,256})@/y;

/** A password or token within an address. */
export const address: Detector = {
  triggers: ['://'],
  read(text, at) {
    if (!text.slice(at, at + 2 * USERINFO + 5).includes('@')) return undefined;
    const scheme = text.slice(Math.max(0, at - 16), at);
    const patterns = DATABASE.test(scheme) ? [WITH_PASSWORD, NOT_ENCODED, TOKEN_ALONE] : [WITH_PASSWORD, TOKEN_ALONE];
    for (const pattern of patterns) {
      pattern.lastIndex = at;
      const [, secret] = pattern.exec(text) ?? [];
      if (secret === undefined || isPlaceholder(secret)) continue;
      return { start: pattern.lastIndex - 1 - secret.length, end: pattern.lastIndex - 1, kind: 'password' };
    }
    return undefined;
  },
};

function isPlaceholder(secret: string): boolean {
  return /^(?:\$\{?\w+\}?|\{+\w+\}+|\*+|x+|)$/i.test(withoutMarks(secret));
}

/** `curl -u name:password`; the name stays. Other tools give -u other meanings (docker: uid:gid). */
const USER = /(?<=\s)(?:-u|--user|--proxy-user)[ =]?["']?[\w.@+-]{0,64}:([^\s"'`\\]{1,512})/y;

export const commandUser: Detector = {
  triggers: ['-u ', '-u"', "-u'", '--user', '--proxy-user'],
  read(text, at) {
    USER.lastIndex = at;
    const [, secret] = USER.exec(text) ?? [];
    if (secret === undefined || isPlaceholder(secret)) return undefined;
    if (!/\b(?:curl|wget|http|https|xh)\b/.test(text.slice(Math.max(0, at - 256), at))) return undefined;
    return { start: USER.lastIndex - secret.length, end: USER.lastIndex, kind: 'password' };
  },
};

const COMMAND_PASSWORD =
  /(?:sshpass[ \t]{1,8}-p[ \t]{0,8}|(?:mysql|mysqldump|mariadb)(?=[ \t])[^\n|;&]{0,160}?[ \t]-p(?=[^\s-]))["']?([^\s"'`\\]{1,512})/y;
/** `docker login -p …`, `redis-cli -a …`. */
const LOGIN_PASSWORD =
  /(?:(?:docker|podman|buildah|az|oc|registry)[ \t]{1,4}login[ \t][^\n|;&]{0,160}?-p|redis-cli[ \t][^\n|;&]{0,160}?(?:-a|--pass))[ \t=]{1,4}["']?([^\s"'`\\]{1,512})/y;
/** `openssl … -passin pass:…`. */
const PASSPHRASE = /(?<=-pass(?:in|out)?[ \t])pass:([^\s"'`\\]{1,512})/y;
const IDENTIFIED =
  /identified[ \t]{1,8}(?:with[ \t]{1,8}\S{1,64}[ \t]{1,8})?by[ \t]{1,8}\\{0,16}['"]([^'"\\\n]{1,512})/iy;

/** Passwords given to commands in ways of their own. */
export const commandPassword: Detector = {
  triggers: [
    'sshpass',
    'mysql',
    'mariadb',
    'identified',
    'docker',
    'podman',
    'builda',
    'az login',
    'oc login',
    'registry',
    'redis-cli',
    'pass:',
  ],
  read(text, at) {
    for (const pattern of [COMMAND_PASSWORD, LOGIN_PASSWORD, PASSPHRASE, IDENTIFIED]) {
      pattern.lastIndex = at;
      const [, secret] = pattern.exec(text) ?? [];
      if (secret === undefined || isPlaceholder(secret)) continue;
      return { start: pattern.lastIndex - secret.length, end: pattern.lastIndex, kind: 'password' };
    }
    return undefined;
  },
};
