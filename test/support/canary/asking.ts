import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VIEWS } from '../../../services/clickhouse/gate-views.ts';
import { queries } from '../../../services/clickhouse/queries/index.ts';
import { bind } from '../../../services/processes/bindings.ts';
import { readConfig } from '../../../services/processes/config.ts';
import { ConfigError } from '../../../services/processes/config-error.ts';
import { random } from '../../privacy/corpus/random.ts';
import { CREDENTIALS } from '../canaries.ts';
import type { Load } from './messages.ts';
import type { Site } from './site.ts';
import type { Sown } from './sowing.ts';

/** Something that was said. To whoever asks, an answer may repeat his own question, and nobody else's. */
export interface Said {
  readonly place: string;
  readonly text: string;
  readonly question?: string;
}

export interface Asked {
  readonly said: readonly Said[];
  /** Canaries that were in the questions themselves. */
  readonly sown: readonly Sown[];
}

/** Every view and named query, what is refused and what fails, over HTTP and by commands; then the metrics. */
export async function ask(site: Site, load: Load, seed: number): Promise<Asked> {
  const draw = random(seed);
  const sown: Sown[] = [];
  const secret = (path: string): string => {
    const canary = draw.one(CREDENTIALS.filter(({ bare }) => bare)).make(draw);
    sown.push({ ...canary, format: 'question', path });
    return canary.text;
  };
  const said = [
    ...(await overHttp(site, secret)),
    ...(await byName(site, secret)),
    ...(await byCommands(site, load, secret)),
    ...configurations(site, secret),
    { place: 'metrics', text: await (await fetch(`http://${site.health}/metrics`)).text() },
    { place: 'readyz', text: await (await fetch(`http://${site.health}/readyz`)).text() },
  ];
  return { said, sown };
}

type Secret = (path: string) => string;

/** Messages of a file that are shown rather than sent: what fits a pipe's buffer. */
const TRIED = 100;

async function overHttp({ query }: Site, secret: Secret): Promise<readonly Said[]> {
  const views = [...VIEWS].map((view) => [`SELECT * FROM audit.${view} FORMAT JSONEachRow`, {}] as const);
  const others = [
    [`SELECT count() FROM audit.trail WHERE target = '${secret('literal')}'`, {}],
    ['SELECT count() FROM audit.trail WHERE target = {given:String}', { given: secret('parameter') }],
    [
      'SELECT count() FROM audit.trail WHERE tokens_prompt = {given:UInt64}',
      { given: secret('parameter of a wrong type') },
    ],
    ['SELECT count() FROM audit.trail WHERE target = {given:String}', { [secret('name of a parameter')]: 'x' }],
    [`SELECT * FROM audit.content WHERE content LIKE '%${secret('refused literal')}%'`, {}],
    [`SELECT FROM WHERE '${secret('broken query')}'`, {}],
    [`SELECT toUInt64('${secret('failing cast')}') FROM audit.trail`, {}],
    [`SELECT 1 AS \`${secret('alias')}\` FORMAT Nonsense`, {}],
  ] as const;
  const said: Said[] = [];
  for (const [sql, params] of [...views, ...others]) {
    const given = new URLSearchParams({ query: sql });
    for (const [name, value] of Object.entries(params)) given.set(`param_${name}`, value);
    const answer = await fetch(`http://${query}/?${given}`);
    const text = `${[...answer.headers]}\n${await answer.text()}`;
    said.push({ place: 'an answer over HTTP', text, question: JSON.stringify([sql, params]) });
  }
  const header = await fetch(`http://${query}/?query=SELECT+1`, { headers: { 'user-agent': secret('user agent') } });
  return [...said, { place: 'answer to SELECT 1', text: await header.text() }];
}

const NOBODY = '00000000-0000-0000-0000-000000000000';
/** What named queries cannot do without. */
const NEEDED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  timeline: { user: 'mara.lind@harbour.example' },
  parity: { sink: 'loki' },
  receipts: { event: NOBODY },
  'retention-of': { event: NOBODY },
};

async function byName({ named }: Site, secret: Secret): Promise<readonly Said[]> {
  const asked: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ...queries.map(({ name }) => [name, NEEDED[name] ?? {}] as const),
    [secret('name of a query'), {}],
    ['timeline', { session: secret('session') }],
    ['receipts', { event: secret('event') }],
    ['timeline', { [secret('name of a bound parameter')]: 'x' }],
  ];
  const said: Said[] = [];
  for (const [name, params] of asked) {
    const known = queries.some((query) => query.name === name);
    const text = JSON.stringify(await named(name, params));
    said.push({ place: `query ${known ? name : 'of no name'}`, text, question: JSON.stringify([name, params]) });
  }
  return said;
}

async function byCommands({ folder, run }: Site, load: Load, secret: Secret): Promise<readonly Said[]> {
  const file = join(folder, 'tried.jsonl');
  const json = load.messages.filter(({ topic }) => topic === 'gateway.events' || topic === 'endpoint.events');
  writeFileSync(
    file,
    json
      .slice(0, TRIED)
      .map(({ value }) => `${Buffer.from(value)}\n`)
      .join(''),
  );
  const window = ['--from', '2020-01-01', '--to', '2100-01-01'];
  const given: readonly (readonly string[])[] = [
    ['sql', 'SELECT * FROM audit.trail LIMIT 100'],
    ['sql', 'SELECT {given:UInt64}', '--param', `given=${secret('parameter of a command')}`],
    ['timeline', '--user', 'mara.lind@harbour.example', ...window],
    ['try', file],
    ['quarantine', 'list'],
    ['quarantine', 'show', secret('id in quarantine')],
    ['sinks', 'pause', secret('name of a receiver')],
    ['buried', 'list'],
    ['replay', '--sink', 'loki', ...window, '--where', `target = '${secret('condition of a replay')}' AND`],
    ['produce', '--topic', secret('name of a topic'), file],
  ];
  const said: Said[] = [];
  for (const words of given) {
    const { out, err } = await run(...words);
    const [first = '', second = ''] = words;
    const place = `trailhouse ${first === 'quarantine' || first === 'sinks' || first === 'buried' ? `${first} ${second}` : first}`;
    said.push({ place, text: `${out}\n${err}`, question: words.join(' ') });
  }
  return said;
}

/** Configurations that are turned down, each with a secret as a value where none belongs. Names are told, values are not. */
function configurations({ folder }: Site, secret: Secret): readonly Said[] {
  const texts: readonly ((value: string) => string)[] = [
    (value) => `data: x\nsinks:\n  siem: { kind: splunk, url: "https://hec.example", token: "${value}" }\n`,
    (value) =>
      `data: x\nsinks:\n  siem: { kind: splunk, url: "https://ada:${value}@hec.example", token: { env: T } }\n`,
    (value) => `data: x\nsinks:\n  siem: { kind: "${value}" }\n`,
    (value) =>
      `data: x\nlog: { driver: kafka, brokers: [b], sasl: { mechanism: plain, username: u, password: "${value}" } }\n`,
    (value) => `data: x\nclickhouse: { driver: server, url: "https://h.example", password: "${value}" }\n`,
    (value) => `data: x\nlisten: { query: "${value}" }\n`,
    (value) => `data: x\nlog_level: "${value}"\n`,
    (value) => `data: x\npassword: ${value}\n  broken: [\n`,
    (value) => `data: x\npassword: *${value}\n`,
    (value) => `"${value}"\n`,
  ];
  return texts.map((make, index) => {
    const file = join(folder, `rejected-${index}.yaml`);
    writeFileSync(file, make(secret(`configuration ${index}`)));
    return { place: `configuration ${index}`, text: reasonOf(file) };
  });
}

function reasonOf(file: string): string {
  try {
    bind(readConfig(file, {}).topics);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error(`${file} was taken`);
}
