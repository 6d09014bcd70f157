import type { Desk, Order } from '../../console/desk.ts';
import { sinks as kinds } from '../../sinks/index.ts';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { withDesk } from '../open.ts';
import { asker, namedRows, rowsOf, show, taken } from './answers.ts';
import { EXIT, Failure } from './exit.ts';
import type { Globals } from './globals.ts';
import { operating, type Token } from './operators.ts';
import { progress } from './progress.ts';
import { jsonLines, type Row } from './render.ts';

const never = new AbortController().signal;

/** `trailhouse sinks`: how far each receiver is, those that never ran included. */
export async function sinksList(globals: Globals): Promise<number> {
  const config = readConfig(globals.config, process.env);
  const rows = await withDesk(config, (desk) => namedRows(desk, 'sinks', {}));
  const silent = Object.keys(config.sinks).filter((name) => !rows.some(({ sink }) => sink === name));
  const shown = rows.map((row) => ({
    ...row,
    configured: Object.hasOwn(config.sinks, String(row.sink)) ? 'yes' : 'no',
  }));
  show([...shown, ...silent.map((sink) => ({ sink, state: 'never ran', configured: 'yes' }))], globals);
  return EXIT.ok;
}

/** `trailhouse sinks pause|resume NAME` */
export function steer(order: 'pause' | 'resume') {
  return async (globals: Globals, sink: string, given: Token): Promise<number> => {
    await ordered(globals, given, { order, sink });
    process.stderr.write(`${sink}: ${order === 'pause' ? 'is told to pause' : 'is told to go on'}\n`);
    return EXIT.ok;
  };
}

/** How long `sinks test` waits for the event to be stored, and then for its receipt. */
const STORED_MS = 60_000;
const BETWEEN_MS = 1_000;

/** `trailhouse sinks test NAME`: one marked event goes all the way; 0 once its receipt says delivered. */
export async function sinksTest(
  globals: Globals,
  sink: string,
  given: Token & { readonly seconds: string },
): Promise<number> {
  const seconds = Number(given.seconds);
  if (!(seconds > 0)) throw new Failure('--seconds: write a number above 0', EXIT.usage);
  unlessConfigured(globals, sink);
  return operating(globals, given, async (desk, token) => {
    const event = taken(await desk.operate({ order: 'test', sink }, token, asker)).trim();
    process.stderr.write(`event ${event} is on its way; waiting until it is stored\n`);
    const stored = await until(STORED_MS, async () => (await receiptsOf(desk, event)).stored);
    if (stored === undefined)
      throw new Failure(`event ${event} was not stored within a minute: do ingest and archive run?`);
    taken(await desk.operate({ order: 'replay', sink, from: '', to: '', where: '', ids: [event] }, token, asker));
    process.stderr.write(`stored; waiting up to ${seconds} s for the receipt of ${sink}\n`);
    const bar = progress(`waiting for ${sink}`, seconds);
    const look = async () => {
      bar.advance(BETWEEN_MS / 1000);
      return (await receiptsOf(desk, event)).at(sink);
    };
    const said = await until(seconds * 1000, look).finally(bar.end);
    const [lane] = (await namedRows(desk, 'sinks', {})).filter((row) => row.sink === sink);
    const row = {
      sink,
      event_id: event,
      receipt: said?.state ?? 'none yet',
      lane: lane?.state,
      reason: said?.reason || lane?.state_reason,
    };
    show([row], globals);
    return said?.state === 'delivered' ? EXIT.ok : EXIT.found;
  });
}

async function receiptsOf(desk: Desk, event: string) {
  const rows = await namedRows(desk, 'receipts', { event });
  return {
    stored: rows.length > 0 ? true : undefined,
    at: (sink: string) => rows.find((row) => row.sink === sink && !OPEN.has(String(row.state))),
  };
}

/** States the event of a test leaves again: it passes the filter. */
const OPEN = new Set(['waiting', 'parked', 'before', 'filtered', '']);

async function until<T>(ms: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let waited = 0; ; waited += BETWEEN_MS) {
    const found = await look();
    if (found !== undefined || waited >= ms) return found;
    await systemClock.sleep(BETWEEN_MS, never);
  }
}

/** `trailhouse buried list` */
export async function buriedList(
  globals: Globals,
  given: { readonly sink?: string; readonly outcome?: string; readonly limit?: string },
): Promise<number> {
  const params = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const rows = await ask(globals, 'buried', params);
  if (rows.length === 0 && given.sink !== undefined) unlessConfigured(globals, given.sink);
  show(rows, globals);
  return EXIT.ok;
}

/** `trailhouse buried show EVENT`: the event as it is stored, and what became of it at every receiver. */
export async function buriedShow(globals: Globals, event: string): Promise<number> {
  if (!UUID.test(event)) throw new Failure(`${event.slice(0, 40)} is no event id`, EXIT.usage);
  const config = readConfig(globals.config, process.env);
  return withDesk(config, async (desk) => {
    const sql = 'SELECT * FROM audit.trail WHERE event_id = {event:UUID}';
    const [found] = rowsOf(await desk.select({ sql, params: { event }, format: 'JSONEachRow' }, asker));
    if (found === undefined) throw new Failure(`no stored event has the id ${event}`);
    const receipts = await namedRows(desk, 'receipts', { event });
    const decided = rowsOf(await desk.select({ sql: DECISIONS, params: { event }, format: 'JSONEachRow' }, asker));
    const isBuried = decided.length > 0 || receipts.some(({ state }) => TURNED_DOWN.has(String(state)));
    if (!isBuried) process.stderr.write('no receiver turned this event down; what became of it at each is below\n');
    if (globals.json === true) process.stdout.write(jsonLines([{ event: found, receipts, decided }]));
    else {
      show(
        Object.entries(found)
          .map(([column, value]) => ({ column, value }))
          .filter(({ value }) => isSaid(value)),
        globals,
      );
      process.stdout.write('\n');
      show(receipts, globals);
      if (decided.length === 0) return EXIT.ok;
      process.stdout.write('\n');
      show(decided, globals);
    }
    return EXIT.ok;
  });
}

/** What `buried list` lists. */
const TURNED_DOWN = new Set(['buried', 'diverted', 'uncertain', 'skipped']);

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What operators decided about an event: who asked stands on the trail, under the time. */
const DECISIONS = `SELECT r.settled_at AS decided_at, r.sink AS sink, x.outcome AS decision, x.reason AS reason
FROM audit.receipts AS r ARRAY JOIN r.exceptions AS x
WHERE r.replay != '' AND x.outcome = 'skipped' AND x.event_id = {event:String} ORDER BY decided_at`;

const isSaid = (value: unknown): boolean =>
  value !== null && value !== '' && !(typeof value === 'object' && Object.keys(value).length === 0);

/** `trailhouse buried retry EVENT… --sink NAME` */
export async function buriedRetry(
  globals: Globals,
  ids: readonly string[],
  given: Token & { readonly sink: string },
): Promise<number> {
  const { sink } = given;
  return replayed(globals, await ordered(globals, given, { order: 'replay', sink, from: '', to: '', where: '', ids }));
}

/** `trailhouse buried skip EVENT… --sink NAME --reason WHY` */
export async function buriedSkip(
  globals: Globals,
  ids: readonly string[],
  given: Token & { readonly sink: string; readonly reason: string },
): Promise<number> {
  const { sink, reason } = given;
  return replayed(globals, await ordered(globals, given, { order: 'skip', sink, ids, reason }));
}

/** `trailhouse replay --sink NAME --from … --to … [--where …]` */
export async function replay(
  globals: Globals,
  given: Token & { readonly sink: string; readonly from: string; readonly to: string; readonly where?: string },
): Promise<number> {
  const { sink, from, to, where = '' } = given;
  return replayed(globals, await ordered(globals, given, { order: 'replay', sink, from, to, where, ids: [] }));
}

function replayed(globals: Globals, id: string): number {
  process.stdout.write(globals.json === true ? jsonLines([{ replay: id }]) : `${id}\n`);
  process.stderr.write(
    `ordered; what becomes of it: trailhouse sql "SELECT * FROM audit.receipts WHERE replay = '${id}'"\n`,
  );
  return EXIT.ok;
}

/** `trailhouse parity --sink NAME --from … --to …`: 1 when an hour does not add up. */
export async function parity(
  globals: Globals,
  given: { readonly sink: string; readonly from?: string; readonly to?: string },
): Promise<number> {
  const params = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const rows = await ask(globals, 'parity', params);
  if (rows.length === 0) unlessConfigured(globals, given.sink);
  show(rows, globals);
  const off = rows.filter(({ equal }) => equal !== 1 && equal !== true);
  if (off.length === 0) return EXIT.ok;
  process.stderr.write(
    `${off.length} hours do not add up: \`unaccounted\` events are stored, and no receipt says what became of them at ` +
      `${given.sink}; see docs/runbooks/receiver-uncertain.md\n`,
  );
  return EXIT.found;
}

/** A misspelt name must not look like one that is well. */
function unlessConfigured(globals: Globals, sink: string): void {
  const known = Object.keys(readConfig(globals.config, process.env).sinks);
  if (!known.includes(sink))
    throw new Failure(`no receiver is named ${sink}; there are ${known.join(', ') || 'none'}`, EXIT.usage);
}

/** `trailhouse dialects [KIND]`: where each column goes at a receiver, and what is not carried. */
export function dialects(globals: Globals, name: string | undefined, { lost }: { readonly lost?: boolean }): number {
  const wanted = kinds.filter((kind) => name === undefined || kind.name === name);
  if (wanted.length === 0)
    throw new Failure(
      `no kind of receiver is named ${name}; there are ${kinds.map((kind) => kind.name).join(', ')}`,
      EXIT.usage,
    );
  const rows = wanted.flatMap((kind): Row[] =>
    Object.entries(kind.dialect).map(([column, at]) =>
      typeof at === 'string'
        ? { receiver: kind.name, column, field: at, not_carried: '' }
        : { receiver: kind.name, column, field: '', not_carried: at.lost },
    ),
  );
  const shown = lost === true ? rows.filter((row) => row.not_carried !== '') : rows;
  if (shown.length === 0) process.stderr.write('nothing is lost\n');
  else show(shown, globals);
  return EXIT.ok;
}

function ordered(globals: Globals, given: Token, order: Order): Promise<string> {
  unlessConfigured(globals, order.sink);
  return operating(globals, given, async (desk, token) => taken(await desk.operate(order, token, asker)).trim());
}

const ask = (globals: Globals, name: string, params: Readonly<Record<string, string>>): Promise<readonly Row[]> =>
  withDesk(readConfig(globals.config, process.env), (desk) => namedRows(desk, name, params));
