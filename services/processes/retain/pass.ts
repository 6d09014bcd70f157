import { concludeCuts } from '../../clickhouse/conclude.ts';
import { copyRows } from '../../clickhouse/retention/aside.ts';
import { contentLeft, unaccounted } from '../../clickhouse/retention/facts.ts';
import { keepers, type Reasons } from '../../clickhouse/retention/keep.ts';
import { finishPicking, move, pick, releasable } from '../../clickhouse/retention/leave.ts';
import { type Shelf, shelves, underWay, type Way } from '../../clickhouse/retention/shelves.ts';
import { unfinished } from '../../clickhouse/retention/steps.ts';
import { AHEAD_US, moveOf } from '../../retention/plan.ts';
import { certify, finish } from './deletion.ts';
import { nowUs, type RetainParts } from './parts.ts';
import { reasons } from './reasons.ts';

/** Ends what an earlier pass began, then looks at every partition in turn. */
export async function pass(parts: RetainParts, signal: AbortSignal): Promise<void> {
  const { writer } = parts.clickhouse;
  for (const deletion of await unfinished(writer)) await finish(deletion, parts);
  for (const shelf of await underWay(writer)) {
    signal.throwIfAborted();
    await sendOff(shelf, parts);
  }
  const now = nowUs(parts.clock);
  const kept = await reasons(writer, parts.rules);
  for (const shelf of await shelves(writer)) {
    signal.throwIfAborted();
    if (shelf.shelving.leaves === 'pick') await release(shelf, kept, now, parts);
    else await look(shelf, kept, now, parts);
  }
}

async function look(shelf: Shelf, kept: Reasons, now: number, parts: RetainParts): Promise<void> {
  const { shelving } = shelf;
  const next = moveOf(shelf, now);
  if (next === 'rests') return;
  await keepAside(shelf, shelving.table, kept, { now, by: now + AHEAD_US }, parts);
  if (next === 'aside') return;
  const waits = await whyItWaits(shelf, parts);
  if (waits !== undefined) {
    const { retention_class, bucket, rows } = shelf;
    parts.logger.warn({ table: shelving.name, retention_class, bucket, rows, waits }, 'a partition that is due waits');
    return;
  }
  await move(parts.clickhouse.writer, shelving, shelf);
  await sendOff(shelf, parts);
}

/** Rows that are kept beyond their deadline are copied to where they are kept. */
async function keepAside(
  shelf: Way,
  from: string,
  kept: Reasons,
  times: { readonly now: number; readonly by: number },
  { clickhouse: { writer } }: RetainParts,
): Promise<void> {
  const { shelving } = shelf;
  if (shelving.held === undefined) return;
  const chosen = await keepers(writer, shelving, from, shelf, kept, times);
  await copyRows(writer, shelving, shelf, { from, to: shelving.held }, chosen);
}

/** What is due may have to stay for a while all the same, so that nothing else comes to harm. */
async function whyItWaits(shelf: Shelf, { clickhouse: { writer }, owner }: RetainParts): Promise<string | undefined> {
  const { shelving } = shelf;
  const open = await unaccounted(writer, shelving, shelving.table, shelf);
  if (open > 0) return `the accounts of ${open} rows are not stored yet`;
  const content = await contentLeft(writer, shelving, shelf);
  if (content > 0) return `the content of ${content} events is not due yet`;
  const concluded = await concludeCuts(writer, shelving, shelf, shelving.table, owner);
  return concluded ? undefined : 'the newest cut of the archive is not stored in full yet';
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
 * From here on the rows lie where nothing is added. Holds are asked for once more: one that was stored meanwhile still counts.
 */
async function sendOff(shelf: Way, parts: RetainParts): Promise<void> {
  const { writer } = parts.clickhouse;
  const { shelving } = shelf;
  if (shelving.leaves === 'pick') await finishPicking(writer, shelving, shelf);
  if (!(await concludeCuts(writer, shelving, shelf, shelving.way, parts.owner))) {
    const { retention_class, bucket } = shelf;
    parts.logger.warn(
      { table: shelving.name, retention_class, bucket },
      'a partition on its way out waits for the archive',
    );
    return;
  }
  const now = nowUs(parts.clock);
  const kept = await reasons(writer, parts.rules);
  await keepAside(shelf, shelving.way, kept, { now, by: now }, parts);
  await certify(shelf, kept.holds, now, parts);
}
