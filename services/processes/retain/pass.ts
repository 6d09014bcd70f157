import { concludeCuts } from '../../clickhouse/conclude.ts';
import { CopyDiffers, countRows } from '../../clickhouse/retention/aside.ts';
import { contentLeft, unaccounted } from '../../clickhouse/retention/facts.ts';
import { keepers, type Reasons } from '../../clickhouse/retention/keep.ts';
import { finishPicking, move, moveBack, pick, releasable } from '../../clickhouse/retention/leave.ts';
import { type Shelf, shelves, underWay, type Way } from '../../clickhouse/retention/shelves.ts';
import { unfinished } from '../../clickhouse/retention/steps.ts';
import { bindPart, inPart, micros } from '../../clickhouse/retention/tables.ts';
import { AHEAD_US, moveOf } from '../../retention/plan.ts';
import { certify, finish } from './deletion.ts';
import { keepAside } from './keep-aside.ts';
import { nowUs, type RetainParts } from './parts.ts';
import { reasons } from './reasons.ts';

/** Ends what an earlier pass began, then looks at every partition in turn. `alone` throws where another process is at work. */
export async function pass(parts: RetainParts, alone: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const { writer } = parts.clickhouse;
  await alone();
  for (const deletion of await unfinished(writer)) {
    await alone();
    await finish(deletion, parts);
  }
  for (const shelf of await underWay(writer)) {
    signal.throwIfAborted();
    await alone();
    await apart(shelf, () => sendOff(shelf, parts), parts);
  }
  const now = nowUs(parts.clock);
  const kept = await reasons(writer, parts.rules);
  for (const shelf of await shelves(writer)) {
    signal.throwIfAborted();
    await alone();
    const step = shelf.shelving.leaves === 'pick' ? release : look;
    await apart(shelf, () => step(shelf, kept, now, parts), parts);
  }
}

/** What is wrong with one partition keeps that one alone. */
async function apart(
  { shelving, retention_class, bucket }: Way,
  step: () => Promise<void>,
  { logger }: RetainParts,
): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof CopyDiffers)) throw error;
    logger.error({ table: shelving.name, retention_class, bucket, reason: error.message }, 'a partition stays');
  }
}

async function look(shelf: Shelf, kept: Reasons, now: number, parts: RetainParts): Promise<void> {
  const { shelving } = shelf;
  const next = moveOf(shelf, now);
  if (next === 'rests') return;
  await keepAside(shelf, shelving.table, kept, { now, by: now + AHEAD_US }, parts);
  if (next === 'aside') return;
  const waits = await whyItWaits(shelf, shelving.table, parts);
  if (waits !== undefined) return sayItWaits(shelf, waits, parts);
  await move(parts.clickhouse.writer, shelving, shelf);
  await sendOff(shelf, parts);
}

/** What is due may have to stay for a while all the same, so that nothing else comes to harm. `from` is where it lies. */
async function whyItWaits(shelf: Way, from: string, parts: RetainParts): Promise<string | undefined> {
  const { writer } = parts.clickhouse;
  const { shelving } = shelf;
  const ahead = `${inPart(shelving)} AND retain_until > ${micros('now')}`;
  const early = await countRows(writer, from, ahead, { ...bindPart(shelf), now: nowUs(parts.clock) });
  if (early > 0) return `${early} rows that came late are not due yet`;
  const open = await unaccounted(writer, shelving, from, shelf);
  if (open > 0) return `the accounts of ${open} rows are not stored yet`;
  const content = await contentLeft(writer, shelving, from, shelf);
  if (content > 0) return `the content of ${content} events is not due yet`;
  const concluded = await concludeCuts(writer, shelving, shelf, from, parts.owner);
  return concluded ? undefined : 'the newest cut of the archive is not stored in full yet';
}

function sayItWaits({ shelving, retention_class, bucket }: Way, waits: string, { logger }: RetainParts): void {
  logger.warn({ table: shelving.name, retention_class, bucket, waits }, 'a partition that is due waits');
}

async function release(shelf: Shelf, kept: Reasons, now: number, parts: RetainParts): Promise<void> {
  const { writer } = parts.clickhouse;
  const { shelving } = shelf;
  if (shelf.firstDue > now) return;
  const chosen = await keepers(writer, shelving, shelving.table, shelf, kept, { now, by: now });
  const released = releasable(shelving, shelf, chosen, now);
  if ((await pick(writer, shelving, shelf, released)) > 0) await sendOff(shelf, parts);
}

/**
 * From here on the rows lie where nothing is added. What the archive stored between the look and the move has not been looked at,
 * and takes its partition back. Holds are asked for once more: one that was stored meanwhile still counts.
 */
async function sendOff(shelf: Way, parts: RetainParts): Promise<void> {
  const { writer } = parts.clickhouse;
  const { shelving } = shelf;
  if (shelving.leaves === 'pick') await finishPicking(writer, shelving, shelf);
  else {
    const waits = await whyItWaits(shelf, shelving.way, parts);
    if (waits !== undefined) {
      await moveBack(writer, shelving, shelf);
      return sayItWaits(shelf, waits, parts);
    }
  }
  const now = nowUs(parts.clock);
  const kept = await reasons(writer, parts.rules);
  await keepAside(shelf, shelving.way, kept, { now, by: now }, parts);
  await certify(shelf, kept.holds, now, parts);
}
