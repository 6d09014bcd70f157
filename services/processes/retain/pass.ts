import { concludeCuts } from '../../clickhouse/conclude.ts';
import { CopyDiffers, countRows } from '../../clickhouse/retention/aside.ts';
import { HoldFails } from '../../clickhouse/retention/blame.ts';
import { contentLeft, unaccounted } from '../../clickhouse/retention/facts.ts';
import { HoldUnreadable } from '../../clickhouse/retention/holds.ts';
import type { Reasons } from '../../clickhouse/retention/keep.ts';
import { finishPicking, move, moveBack, pick, releasable } from '../../clickhouse/retention/leave.ts';
import { type Shelf, shelves, underWay, type Way } from '../../clickhouse/retention/shelves.ts';
import { unfinished } from '../../clickhouse/retention/steps.ts';
import { bindPart, inPart, micros } from '../../clickhouse/retention/tables.ts';
import { recordWaits, type Wait } from '../../clickhouse/retention/waits.ts';
import { AHEAD_US, moveOf } from '../../retention/plan.ts';
import { alarm } from './alarm.ts';
import { certify, finish, placeOf } from './deletion.ts';
import { choosing, keepAside } from './keep-aside.ts';
import { nowUs, type PassParts, type RetainParts } from './parts.ts';
import { keptInQuarantine } from './quarantine.ts';
import { reasons } from './reasons.ts';
import { sweep } from './sweep.ts';
import { whyUnsealed } from './unsealed.ts';

/**
 * Ends what an earlier pass began, then looks at every partition in turn, and writes down what has to stay. `alone` throws where
 * another process is at work.
 */
export async function pass(given: RetainParts, alone: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const parts: PassParts = { ...given, waits: [] };
  const { writer } = parts.clickhouse;
  await alone();
  try {
    await round(parts, alone, signal);
  } catch (error) {
    // Why the pass ended goes before whether that could be told.
    if (error instanceof HoldUnreadable) {
      parts.waits.push({
        stored_in: '',
        retention_class: '',
        bucket: '',
        why: error.message,
        hold: error.hold,
        operator: error.operator,
      });
      await Promise.allSettled([recordWaits(writer, parts.waits, nowUs(parts.clock)), alarm(error, parts)]);
    }
    throw error;
  }
  await recordWaits(writer, parts.waits, nowUs(parts.clock));
}

async function round(parts: PassParts, alone: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const { writer } = parts.clickhouse;
  const stuck = new Set<string>();
  for (const deletion of await unfinished(writer)) {
    await alone();
    const way = placeOf(deletion);
    if (!(await apart(way, () => finish(deletion, parts), parts))) stuck.add(nameOf(way));
  }
  for (const shelf of await underWay(writer)) {
    signal.throwIfAborted();
    // It stands under a certificate that is not finished: a second one would count its rows twice.
    if (stuck.has(nameOf(shelf))) continue;
    await alone();
    await apart(shelf, () => sendOff(shelf, parts), parts);
  }
  const now = nowUs(parts.clock);
  const kept = await reasons(writer, parts.rules);
  for (const shelf of await shelves(writer)) {
    signal.throwIfAborted();
    if (stuck.has(nameOf(shelf))) continue;
    await alone();
    const step = shelf.shelving.leaves === 'pick' ? release : look;
    await apart(shelf, () => step(shelf, kept, now, parts), parts);
  }
  await alone();
  await sweep(kept.holds, parts);
}

const nameOf = ({ shelving, retention_class, bucket }: Way): string => `${shelving.name} ${retention_class}/${bucket}`;

/** What is wrong with one partition keeps that one alone. Answers whether nothing was. */
async function apart(way: Way, step: () => Promise<void>, parts: PassParts): Promise<boolean> {
  try {
    await step();
    return true;
  } catch (error) {
    if (!(error instanceof CopyDiffers) && !(error instanceof HoldFails)) throw error;
    const { shelving, retention_class, bucket } = way;
    const by = error instanceof HoldFails ? { hold: error.hold, operator: error.operator } : { hold: '', operator: '' };
    const isNew = !parts.waits.some(({ hold }) => hold === by.hold);
    parts.waits.push({ stored_in: shelving.name, retention_class, bucket, why: error.message, ...by });
    parts.logger.error({ table: shelving.name, retention_class, bucket, reason: error.message }, 'a partition stays');
    if (error instanceof HoldFails && isNew) await alarm(error, parts);
    return false;
  }
}

async function look(shelf: Shelf, kept: Reasons, now: number, parts: PassParts): Promise<void> {
  const { shelving } = shelf;
  const next = moveOf(shelf, now);
  if (next === 'rests') return;
  await keepAside(shelf, shelving.table, kept, { now, by: now + AHEAD_US }, parts);
  if (next === 'aside') return;
  const waits = await whyItWaits(shelf, shelving.table, kept, parts);
  if (waits !== undefined) return sayItWaits(shelf, waits, parts);
  await move(parts.clickhouse.writer, shelving, shelf);
  await sendOff(shelf, parts);
}

/** What is due may have to stay for a while all the same, so that nothing else comes to harm. `from` is where it lies. */
async function whyItWaits(shelf: Way, from: string, kept: Reasons, parts: PassParts): Promise<Waits | undefined> {
  const { writer } = parts.clickhouse;
  const { shelving } = shelf;
  const ahead = `${inPart(shelving)} AND retain_until > ${micros('now')}`;
  const early = await countRows(writer, from, ahead, { ...bindPart(shelf), now: nowUs(parts.clock) });
  if (early > 0) return { why: `${early} rows that came late are not due yet` };
  if (shelving.name === 'quarantine') {
    const held = await keptInQuarantine(writer, shelf, from, kept.holds);
    if (held !== undefined) return held;
  }
  const open = await unaccounted(writer, shelving, from, shelf);
  if (open > 0) return { why: `the accounts of ${open} rows are not stored yet` };
  const { sealers } = parts;
  const unsealed = sealers === undefined ? undefined : await whyUnsealed(writer, shelf, from, sealers);
  if (unsealed !== undefined) return { why: unsealed };
  const content = await contentLeft(writer, shelving, from, shelf);
  if (content > 0) return { why: `the content of ${content} events is not due yet` };
  const concluded = await concludeCuts(writer, shelving, shelf, from, parts.owner);
  return concluded ? undefined : { why: 'the newest cut of the archive is not stored in full yet' };
}

type Waits = Pick<Wait, 'why'> & Partial<Pick<Wait, 'hold' | 'operator'>>;

function sayItWaits({ shelving, retention_class, bucket }: Way, waits: Waits, parts: PassParts): void {
  const { why, hold = '', operator = '' } = waits;
  parts.waits.push({ stored_in: shelving.name, retention_class, bucket, why, hold, operator });
  parts.logger.warn({ table: shelving.name, retention_class, bucket, waits: why }, 'a partition that is due waits');
}

async function release(shelf: Shelf, kept: Reasons, now: number, parts: PassParts): Promise<void> {
  const { writer } = parts.clickhouse;
  const { shelving } = shelf;
  if (shelf.firstDue > now) return;
  const picked = await choosing(shelf, shelving.table, kept, { now, by: now }, parts, (chosen) =>
    pick(writer, shelving, shelf, releasable(shelving, shelf, chosen, now)),
  );
  if (picked > 0) await sendOff(shelf, parts);
}

/**
 * From here on the rows lie where nothing is added. What the archive stored between the look and the move has not been looked at,
 * and takes its partition back. Holds are asked for once more: one that was stored meanwhile still counts.
 */
async function sendOff(shelf: Way, parts: PassParts): Promise<void> {
  const { writer } = parts.clickhouse;
  const { shelving } = shelf;
  const kept = await reasons(writer, parts.rules);
  if (shelving.leaves === 'pick') await finishPicking(writer, shelving, shelf);
  else {
    const waits = await whyItWaits(shelf, shelving.way, kept, parts);
    if (waits !== undefined) {
      await moveBack(writer, shelving, shelf);
      return sayItWaits(shelf, waits, parts);
    }
  }
  const now = nowUs(parts.clock);
  await keepAside(shelf, shelving.way, kept, { now, by: now }, parts);
  await certify(shelf, kept.holds, now, parts);
}
