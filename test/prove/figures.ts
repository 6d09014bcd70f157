import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/** What a part found out. */
export interface Figures {
  readonly title: string;
  readonly table: string;
  /** Whether the promises held. */
  readonly held: boolean;
  readonly json: Readonly<Record<string, number>>;
}

const file = new URL('../../docs/figures.md', import.meta.url);

const HEAD = `# Figures

Measured by \`npm run prove\` and \`npm run bench -- --write\`, which write this page. Each section names its command, the day
and the machine. Load comes from our own generator; the ClickHouse server of these runs is the engine (chdb) behind a test
front, not a real server.
`;

/** Replaces the section of one part and leaves the others as they are. */
export function write(part: string, title: string, table: string, command = `npm run prove -- ${part}`): void {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : HEAD;
  const [from, to] = [`<!-- ${part} -->`, `<!-- /${part} -->`];
  const section = `${from}\n## ${title}\n\n\`${command}\`, ${stamp()}\n\n${table}\n${to}`;
  const known = new RegExp(`${from}[\\s\\S]*?${to}`);
  writeFileSync(file, known.test(text) ? text.replace(known, () => section) : `${text}\n${section}\n`);
}

/** Day, commit and machine of a measurement. */
export function stamp(): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const day = new Date().toISOString().slice(0, 10);
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${day}, commit ${commit}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${memory} GiB, Node ${process.version}`;
}
