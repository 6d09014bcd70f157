import { classify, type Kept, type RetentionRules } from '../../services/retention/classify.ts';
import { FRAMEWORKS, isFramework } from '../../services/retention/frameworks.ts';
import { idOf, lifted, placed, type RetentionStore, retentionStore, type Wanted } from '../support/retention-store.ts';
import type { Figures } from './figures.ts';

const names = Object.keys(FRAMEWORKS).filter(isFramework);
const PAIRS = names.flatMap((a, index) => names.slice(index).map((b) => [...new Set([a, b])]));
const gdpr = { days: 420, purpose: 'to answer for use of AI' };
const config: RetentionRules = {
  rules: PAIRS.map((keep, index) => ({ when: { team: `team-${index}` }, keep })),
  default: ['hipaa'],
  gdpr,
};

const OWN = 'trailhouse.events';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEGIN = Date.UTC(2026, 0, 1);
const YEARS = 7;
/** How much happens under each class, all in one partition: each more is two hours at which a pass looks at the whole store. */
const PER_CLASS = 12;
const HOLDS = 8;

interface Row extends Kept {
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly pair: number;
  readonly matter: number;
}

interface Hold {
  readonly matter: number;
  readonly fromMs: number;
  readonly toMs: number;
}

interface Tally {
  deleted: number;
  early: number;
  held: number;
  lateDailyMs: number;
  lateMonthlyMs: number;
  passes: number;
}

/** Seven years of the real engine under a clock that goes from one hour at which something is due to the next. */
export async function retention(seed: number): Promise<Figures> {
  const draw = draws(seed);
  const wanted = PAIRS.flatMap((_, pair) => {
    const day = BEGIN + draw(YEARS * 365) * DAY_MS;
    const first = day - (isByMonth(pair) ? new Date(day).getUTCDate() - 1 : 0) * DAY_MS;
    const length = isByMonth(pair) ? 28 * DAY_MS : DAY_MS;
    return Array.from({ length: PER_CLASS }, () => ({ pair, at: first + draw(length), matter: draw(HOLDS * 2) }));
  });
  const rows = wanted.map(({ pair, at, matter }, offset): Row => ({ ...keptAs(pair, at), offset, at, pair, matter }));
  const holds = Array.from({ length: HOLDS }, (_, matter) => holdOf(matter, rows, draw));
  const store = await retentionStore(config);
  try {
    await store.store(
      ...rows.map(({ offset, at, pair, matter }): Wanted => {
        return { offset, at: new Date(at).toISOString(), team: `team-${pair}`, session: `m${matter}` };
      }),
    );
    await store.settle(0, rows.length);
    const tally = await live(store, rows, holds);
    const [covered] = await store.rows("SELECT complete FROM audit.coverage WHERE origin_topic = 'gateway.events'");
    const [certified] = await store.rows(
      "SELECT sum(rows) AS rows FROM audit.deleted WHERE origin_topic = 'gateway.events'",
    );
    return figures(tally, {
      rows: rows.length,
      certified: Number(certified?.rows),
      isCovered: covered?.complete === 1,
      seed,
    });
  } finally {
    await store.close();
  }
}

/** Every other hold is lifted an hour after one of its rows has run its time, with the row's partition still standing. */
function holdOf(matter: number, rows: readonly Row[], draw: (below: number) => number): Hold {
  const mine = rows.filter((row) => row.matter === matter);
  const due = (mine[draw(mine.length)]?.retain_until ?? 0) / 1000;
  const days = (30 + draw(900)) * DAY_MS;
  if (matter % 2 === 0) return { matter, fromMs: due - days, toMs: due + HOUR_MS };
  const fromMs = BEGIN + draw(YEARS * 365) * DAY_MS;
  return { matter, fromMs, toMs: fromMs + days };
}

const isByMonth = (pair: number): boolean => keptAs(pair, BEGIN).retain_until - BEGIN * 1000 > 400 * DAY_MS * 1000;

function keptAs(pair: number, atMs: number): Kept {
  const at = atMs * 1000;
  const known = { topic: 'gateway.events', surface: 'api', team: `team-${pair}`, project: '', dataClasses: [] };
  return classify({ occurredAt: at, receivedAt: at, ...known }, config);
}

async function live(store: RetentionStore, rows: readonly Row[], holds: readonly Hold[]): Promise<Tally> {
  const tally: Tally = { deleted: 0, early: 0, held: 0, lateDailyMs: 0, lateMonthlyMs: 0, passes: 0 };
  const byId = new Map(rows.map((row) => [row.offset, row]));
  let acts = 0;
  for (const { atMs, act } of happenings(rows, holds)) {
    const iso = new Date(atMs).toISOString();
    if (act !== undefined) await store.store(act(acts++, iso));
    await store.pass(iso);
    tally.passes++;
    const left = new Set([...(await store.numbers('audit.events')), ...(await store.numbers('audit.events_held'))]);
    for (const row of byId.values()) if (!left.has(row.offset)) erase(row, holds, atMs, tally, byId);
  }
  return tally;
}

interface Happening {
  readonly atMs: number;
  readonly act: ((offset: number, iso: string) => Wanted) | undefined;
}

/** The full hours at which a partition may leave, the ones before them, and those at which holds are placed and lifted. */
function happenings(rows: readonly Row[], holds: readonly Hold[]): readonly Happening[] {
  const shelves = Map.groupBy(
    rows,
    ({ retention_class, retention_bucket }) => `${retention_class}/${retention_bucket}`,
  );
  const dues = [...shelves.values()].flatMap((shelf): Happening[] => {
    const leaves = Math.ceil(Math.max(...shelf.map((row) => row.retain_until)) / 1000 / HOUR_MS) * HOUR_MS;
    return [leaves - HOUR_MS, leaves].map((atMs) => ({ atMs, act: undefined }));
  });
  const ids = new Map<Hold, string>();
  const acts = holds.flatMap((hold): Happening[] => [
    {
      atMs: hold.fromMs,
      act(offset, iso) {
        ids.set(hold, idOf(offset, OWN));
        return placed(offset, iso, `session_id = 'm${hold.matter}'`);
      },
    },
    { atMs: hold.toMs, act: (offset, iso) => lifted(offset, iso, ids.get(hold) ?? '') },
  ]);
  const seen = new Set<number>();
  return [...dues, ...acts]
    .sort((a, b) => a.atMs - b.atMs)
    .filter(({ atMs, act }) => act !== undefined || (!seen.has(atMs) && seen.add(atMs) !== undefined));
}

function erase(row: Row, holds: readonly Hold[], atMs: number, tally: Tally, byId: Map<number, Row>): void {
  byId.delete(row.offset);
  tally.deleted++;
  const dueMs = row.retain_until / 1000;
  if (atMs < dueMs) tally.early++;
  const mine = holds.filter(({ matter }) => matter === row.matter);
  if (mine.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)) tally.held++;
  const freeMs = Math.max(dueMs, ...mine.filter(({ toMs }) => toMs <= atMs).map(({ toMs }) => toMs));
  if (isByMonth(row.pair)) tally.lateMonthlyMs = Math.max(tally.lateMonthlyMs, atMs - freeMs);
  else tally.lateDailyMs = Math.max(tally.lateDailyMs, atMs - freeMs);
}

interface End {
  readonly rows: number;
  /** Rows that certificates account for. */
  readonly certified: number;
  readonly isCovered: boolean;
  readonly seed: number;
}

function figures(tally: Tally, { rows, certified, isCovered, seed }: End): Figures {
  const { deleted, early, held, lateDailyMs, lateMonthlyMs, passes } = tally;
  const hours = (ms: number) => (ms / HOUR_MS).toFixed(1);
  const days = (ms: number) => (ms / DAY_MS).toFixed(1);
  const table = [
    `Seven virtual years from 2026-01-01, seed ${seed}: ${rows} events over all ${PAIRS.length} classes of one or two frameworks,`,
    `${HOLDS} holds placed and lifted, ${passes} passes of the \`retain\` role at the hours at which something is due and the hours before.`,
    '',
    '| promise | measured |',
    '|---|---|',
    `| deleted in the end | ${deleted} of ${rows} |`,
    `| deletions in certificates | ${certified} |`,
    `| deleted before their deadline | ${early} |`,
    `| deleted while held | ${held} |`,
    `| latest after its deadline, classes by day (at most 24 h) | ${hours(lateDailyMs)} h |`,
    `| latest after its deadline, classes by month (at most 31 days) | ${days(lateMonthlyMs)} days |`,
    `| \`audit.coverage\` complete at the end | ${isCovered ? 'yes' : 'no'} |`,
  ].join('\n');
  const isInTime = lateDailyMs <= DAY_MS && lateMonthlyMs <= 31 * DAY_MS;
  return {
    title: 'Kept exactly as long as asked',
    table,
    held: deleted === rows && certified === rows && early === 0 && held === 0 && isInTime && isCovered,
    json: { deleted, certified, early, held, lateDailyMs, lateMonthlyMs, passes },
  };
}

/** Whole numbers below a bound, the same for the same seed (mulberry32). */
function draws(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
