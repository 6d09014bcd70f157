import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import type { Writer } from '../../services/clickhouse/client.ts';
import { openOrders } from '../../services/clickhouse/retention/erasure/orders.ts';
import type { Asker } from '../../services/console/desk.ts';
import type { Clock } from '../../services/core/clock.ts';
import { silent } from '../../services/core/logger.ts';
import { privacyConfig } from '../../services/privacy/config.ts';
import { systemClock } from '../../services/processes/clock.ts';
import { lastDay } from '../../services/processes/demo/day.ts';
import { openDesk } from '../../services/processes/desk.ts';
import { carryOut } from '../../services/processes/erase/pass.ts';
import { newOperator } from '../../services/processes/operators.ts';
import { verifyLedger } from '../../services/processes/seal/verify-ledger.ts';
import { newKey, readSigningKey } from '../../services/retention/signing.ts';
import { openPipeline, type Pipeline } from '../support/pipeline.ts';
import { sealOnce, sealParts } from '../support/sealing.ts';
import { DAYS, everybody, GROUP, month, type Somebody } from './erasure/month.ts';
import { search } from './erasure/traces.ts';
import type { Figures } from './figures.ts';

const DAY_MS = 86_400_000;
const TOPIC_DAYS = 7;
/** One in so many a legal hold keeps. */
const HELD = 100;

const asker: Asker = { id: 'os-account', address: '', userAgent: 'prove' };
const ada = newOperator('ada', 'administrator');
const operators = {
  ada: { role: 'administrator', token_sha256: /[0-9a-f]{64}/.exec(ada.lines)?.[0] ?? '' },
} as const;

/** Everybody of a month asks to be erased, once the topics have forgotten it: what is left of them in any file of ours. */
export async function erasure(subjects: number, thinned: number): Promise<Figures> {
  const groups = Math.max(1, Math.ceil(subjects / GROUP));
  const people = everybody(groups).slice(0, subjects);
  const kept = people.slice(0, Math.ceil(subjects / HELD));
  const pipeline = await openPipeline('prove-erasure', {
    privacy: privacyConfig.parse({ content: { rules: [], default: 'sealed' } }),
  });
  try {
    let messages = 0;
    for (const day of month(groups, thinned, lastDay(systemClock.now()))) {
      await play(pipeline, day);
      messages += day.length;
    }
    const parts = { ...sealParts(pipeline), outside: undefined };
    await sealOnce(parts);
    const { writer } = pipeline.clickhouse;
    const [{ events } = {}] = await writer.rows('SELECT count() AS events FROM audit.events');
    const held = await hold(pipeline, kept);
    const before = await keptOf(writer, kept);
    const began = performance.now();
    const certificates = join(pipeline.folder, 'certificates');
    const key = readSigningKey(newKey().privatePem);
    await order(pipeline, people);
    await erase(pipeline, { certificates, signingKey: key });
    const seconds = (performance.now() - began) / 1000;
    await pipeline.settled();
    await sealOnce(parts);
    await outdated(writer);
    const proved = await verifyLedger(
      { ...parts, certificates, certificateKeys: [createPublicKey(key.key)] },
      { from: '', to: '' },
      { begin() {}, advance() {} },
    );
    const sought = new Set(people.slice(kept.length).flatMap(({ traces }) => traces.map((text) => text.toLowerCase())));
    const found = search(pipeline.folder, TRACE, sought);
    for (const { file, text } of found.traces.slice(0, 20)) process.stderr.write(`${text} in ${file}\n`);
    const after = await keptOf(writer, kept);
    const [one] = proved.partitions;
    const leaves = one?.kind === 'compared' ? one : undefined;
    const erased = Object.values(leaves?.erased ?? {}).reduce((sum, count) => sum + count, 0);
    const isWhole = leaves?.found === 0 && proved.refused.length === 0;
    return figures({
      ...{ subjects: people.length, messages, events: Number(events), groups, seconds, held },
      ...{
        erased,
        leaves: leaves?.events ?? 0,
        isWhole,
        isKept: before === after,
        keepers: kept.length,
        thinned,
        ...found,
      },
    });
  } finally {
    await pipeline.close();
  }
}

async function play(
  { log, settled }: Pipeline,
  messages: ReturnType<typeof month> extends Generator<infer D> ? D : never,
) {
  for (const [topic, all] of Map.groupBy(messages, (message) => message.topic))
    await log.append(
      topic,
      0,
      all.map(({ at, value }) => ({ value, timestamp: new Date(at) })),
    );
  await settled();
}

const deskOf = ({ clickhouse, log, keys, folder, bindings }: Pipeline) =>
  openDesk({
    ...{ store: clickhouse.writer, log, keys, clock: systemClock, operators, retried: join(folder, 'retried') },
    ...{ sinks: [], topics: [...bindings.keys()], privacy: privacyConfig.parse({}), count() {} },
  });

/** How many events the hold keeps. */
async function hold(pipeline: Pipeline, people: readonly Somebody[]): Promise<number> {
  const where = `actor_email IN (${people.map(({ email }) => `'${email}'`).join(', ')})`;
  const wanted = { order: 'place', where, from: '', to: '', reason: 'litigation', quarantine: '' } as const;
  const answer = await deskOf(pipeline).hold(wanted, ada.token, asker);
  if (answer.kind !== 'text') throw new Error(JSON.stringify(answer));
  await pipeline.settled();
  const [row] = await pipeline.clickhouse.writer.rows(`SELECT count() AS n FROM audit.trail WHERE ${where}`);
  return Number(row?.n);
}

/** What is told of people, in one number. */
async function keptOf(writer: Writer, people: readonly Somebody[]): Promise<string> {
  const [row] = await writer.rows(
    `SELECT toString(sum(cityHash64(event_id, actor_email, target, command, personal_salt))) AS sum FROM audit.events
     WHERE actor_email IN {emails:Array(String)}`,
    { emails: people.map(({ email }) => email) },
  );
  return String(row?.sum);
}

async function order(pipeline: Pipeline, people: readonly Somebody[]): Promise<void> {
  const desk = deskOf(pipeline);
  for (const { email } of people) {
    const wanted = { email, id: '', basis: 'GDPR 17(1)(b)', reference: '' };
    const answer = await desk.erase(wanted, ada.token, asker);
    if (answer.kind !== 'text') throw new Error(JSON.stringify(answer));
  }
  await pipeline.settled();
}

/** A pass over all orders, when the topics no longer hold what was said before them. */
async function erase(
  { clickhouse, log, keys }: Pipeline,
  more: { readonly certificates: string; readonly signingKey: ReturnType<typeof readSigningKey> },
): Promise<void> {
  const clock: Clock = { ...systemClock, now: () => new Date(Date.now() + (TOPIC_DAYS + 2) * DAY_MS) };
  const parts = { clickhouse, log, keys, clock, logger: silent, owner: 'prove', topicDays: TOPIC_DAYS, duties: [] };
  const orders = await openOrders(clickhouse.writer);
  for (const [index, one] of orders.entries()) {
    await carryOut(one, { ...parts, ...more });
    if (process.stderr.isTTY || index % 50 === 0) process.stderr.write(`${index + 1} of ${orders.length} erased\n`);
  }
}

/** What a mutation has replaced the engine keeps for some minutes. Here it is asked to let go at once, and waited for. */
async function outdated(writer: Writer): Promise<void> {
  const all = await writer.rows("SELECT name FROM system.tables WHERE database = 'audit' AND engine LIKE '%MergeTree'");
  const now =
    'old_parts_lifetime = 1, cleanup_delay_period = 1, max_cleanup_delay_period = 1, cleanup_delay_period_random_add = 0';
  for (const { name } of all) await writer.run(`ALTER TABLE audit.${String(name)} MODIFY SETTING ${now}`);
  for (;;) {
    const [row] = await writer.rows("SELECT count() AS n FROM system.parts WHERE database = 'audit' AND NOT active");
    if (Number(row?.n) === 0) return;
    await systemClock.sleep(1_000, new AbortController().signal);
  }
}

/** Whatever looks like one of the traces. */
const TRACE =
  /[\w.]+@alder\d\dook\.example|00u7alder\d\dook\d\d|000000\d\d-0000-4000-8000-[0-9a-f]{12}|ab-[a-z]+-\d\d|[0-9a-f]{64}/gi;

interface Found {
  readonly subjects: number;
  readonly groups: number;
  readonly messages: number;
  readonly events: number;
  readonly seconds: number;
  readonly held: number;
  readonly erased: number;
  readonly leaves: number;
  readonly isWhole: boolean;
  readonly isKept: boolean;
  readonly keepers: number;
  readonly thinned: number;
  readonly files: number;
  readonly bytes: number;
  readonly traces: readonly unknown[];
}

function figures(found: Found): Figures {
  const rows: readonly (readonly [string, string | number])[] = [
    ['people who are erased', found.subjects],
    ['messages of the month, events of it', `${found.messages}, ${found.events}`],
    ['events whose personal part gave way to its hash', found.erased],
    [
      'leaves of the signed tree that the rows give, afterwards',
      `${found.leaves}, ${found.isWhole ? 'all' : '**not all**'}`,
    ],
    [
      `events of ${found.keepers} people that a legal hold keeps`,
      `${found.held}, ${found.isKept ? 'untouched' : '**touched**'}`,
    ],
    [
      'files searched below the data directory, and megabytes when unpacked',
      `${found.files}, ${Math.round(found.bytes / 1e6)}`,
    ],
    ['traces of the others in them (address, ids, host, device, key)', found.traces.length],
    ['seconds for an order', (found.seconds / found.subjects).toFixed(2)],
  ];
  const what =
    `The demo day ${DAYS} times, a day apart, one in ${found.thinned} of its messages, by ${found.groups} groups of ${GROUP} people in turn; all of them are ` +
    'erased and their orders closed, by a clock at which the topics have forgotten them. Raw and audit topics are not searched: they run out by themselves.';
  return {
    title: 'Erasure',
    table: `${what}\n\n| what | found |\n|---|---|\n${rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n')}`,
    held: found.traces.length === 0 && found.isWhole && found.isKept && found.erased > 0,
    json: { subjects: found.subjects, events: found.events, erased: found.erased, traces: found.traces.length },
  };
}
