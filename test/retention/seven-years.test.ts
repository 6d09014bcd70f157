import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classify, type Kept } from '../../services/retention/classify.ts';
import { FRAMEWORKS, isFramework } from '../../services/retention/frameworks.ts';
import { moveOf } from '../../services/retention/plan.ts';

const names = Object.keys(FRAMEWORKS).filter(isFramework);
const PAIRS = names.flatMap((a, index) => names.slice(index).map((b) => [...new Set([a, b])]));
const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;
const BEGIN = Date.UTC(2026, 0, 1) * 1000;
const YEARS = 7;

interface Row extends Kept {
  readonly matter: number;
}

interface Hold {
  readonly matter: number;
  readonly from: number;
  readonly to: number;
}

/** What became of rows in years of passes at every full hour. */
interface Tally {
  deleted: number;
  early: number;
  held: number;
  unseen: number;
  lateDaily: number;
  lateMonthly: number;
}

const isHeld = ({ matter }: Row, holds: readonly Hold[], now: number): boolean =>
  holds.some((hold) => hold.matter === matter && hold.from <= now && now < hold.to);

const hourAfter = (time: number): number => Math.ceil(time / HOUR) * HOUR;

function erase(row: Row, holds: readonly Hold[], now: number, tally: Tally): void {
  tally.deleted++;
  if (now < row.retain_until) tally.early++;
  if (isHeld(row, holds, now)) tally.held++;
  const ended = holds.filter(({ matter, to }) => matter === row.matter && to <= now).map(({ to }) => to);
  const late = isByMonth(row) ? 'lateMonthly' : 'lateDaily';
  tally[late] = Math.max(tally[late], now - Math.max(row.retain_until, ...ended));
}

/** Passes over one partition until it has left, then over what was moved aside. */
function live(shelf: readonly Row[], holds: readonly Hold[], tally: Tally): void {
  const dues = shelf.map((row) => row.retain_until);
  const span = { firstDue: Math.min(...dues), lastDue: Math.max(...dues) };
  const aside = new Set<Row>();
  let now = hourAfter(span.firstDue) - 3 * HOUR;
  for (let move = moveOf(span, now); move !== 'leaves'; now += HOUR, move = moveOf(span, now)) {
    if (move === 'rests') continue;
    for (const row of shelf) {
      const wasHeld = row.retain_until <= now && isHeld(row, holds, now) && isHeld(row, holds, now - HOUR);
      if (wasHeld && !aside.has(row)) tally.unseen++;
      if (isHeld(row, holds, now) && row.retain_until <= now + 2 * HOUR) aside.add(row);
    }
  }
  for (const row of shelf) {
    let free = now;
    if (!aside.has(row) && !isHeld(row, holds, now)) erase(row, holds, now, tally);
    else {
      while (isHeld(row, holds, free)) free += HOUR;
      erase(row, holds, free, tally);
    }
  }
}

const isByMonth = (row: Row): boolean =>
  row.retention_bucket === monthOf(row.retention_bucket) && row.retain_until > (row.retention_bucket + 400) * DAY;

function monthOf(day: number): number {
  return day - new Date(day * 86_400_000).getUTCDate() + 1;
}

test('seven years of all pairs of frameworks: nothing early, nothing held, nothing later than promised', () => {
  const known = { topic: 't', surface: '', team: 'x', project: '', dataClasses: [] };
  const [seeded] = fc.sample(fc.array(fc.nat({ max: 2 ** 30 }), { minLength: 24_000, maxLength: 24_000 }), {
    numRuns: 1,
    seed: 7,
  });
  const numbers = seeded ?? [];
  const at = (index: number) => numbers[index % numbers.length] ?? 0;
  const rows = Array.from({ length: 6_000 }, (_, index): Row => {
    const occurredAt = BEGIN + ((at(index) * 1009) % (YEARS * 365 * 86_400)) * 1_000_000;
    const receivedAt = occurredAt + (at(index + 6_000) % 10 === 0 ? at(index + 12_000) % (60 * 86_400) : 1) * 1_000_000;
    const keep = PAIRS[at(index + 18_000) % PAIRS.length] ?? ['default'];
    const rules = { rules: [], default: keep, gdpr: { days: 400, purpose: 'test' } };
    return { ...classify({ occurredAt, receivedAt, ...known }, rules), matter: at(index + 3_000) % 50 };
  });
  const holds = Array.from({ length: 20 }, (_, index): Hold => {
    const from = BEGIN + (at(index * 7) % (YEARS * 365)) * DAY;
    return { matter: index, from, to: from + (1 + (at(index * 11) % 900)) * DAY };
  });
  const tally: Tally = { deleted: 0, early: 0, held: 0, unseen: 0, lateDaily: 0, lateMonthly: 0 };
  for (const shelf of Map.groupBy(rows, (row) => `${row.retention_class}/${row.retention_bucket}`).values())
    live(shelf, holds, tally);
  expect(tally).toMatchObject({ deleted: rows.length, early: 0, held: 0, unseen: 0 });
  expect(tally.lateDaily).toBeLessThanOrEqual(DAY);
  expect(tally.lateMonthly).toBeLessThanOrEqual(31 * DAY);
  expect(tally.lateMonthly).toBeGreaterThan(DAY);
});
