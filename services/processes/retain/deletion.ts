import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { factsOf } from '../../clickhouse/retention/facts.ts';
import type { PlacedHold } from '../../clickhouse/retention/holds.ts';
import { drop } from '../../clickhouse/retention/leave.ts';
import { measured, type Way } from '../../clickhouse/retention/shelves.ts';
import {
  countRecorded,
  type Deletion,
  record,
  recordRows,
  type Step,
  withdrawRows,
} from '../../clickhouse/retention/steps.ts';
import { type Place, SHELVINGS, type Shelving } from '../../clickhouse/retention/tables.ts';
import { type Certificate, certificate, seal } from '../../retention/certificate.ts';
import { FRAMEWORKS, frameworksOf } from '../../retention/frameworks.ts';
import { digestOf } from '../../retention/signing.ts';
import { VERSION } from '../version.ts';
import { fileCertificate, fileRanges } from './filing.ts';
import { keepAside } from './keep-aside.ts';
import { nowUs, type RetainParts } from './parts.ts';
import { reasons } from './reasons.ts';
import { tell } from './tell.ts';

/** The engine still counts or lists what was dropped. */
export class StillThere extends Error {
  override readonly name = 'StillThere';
}

/** What is written down of a deletion is not what goes. */
export class RecordDiffers extends Error {
  override readonly name = 'RecordDiffers';
}

/** A certificate before its rows were written down and measured gone. */
const draft = certificate.omit({ measured_gone_at: true, ranges: true });
type Draft = z.output<typeof draft>;

/** Writes down what is about to go, then lets it go. Where all of it is kept elsewhere, there is nothing to certify. */
export async function certify(
  shelf: Way,
  holds: readonly PlacedHold[],
  now: number,
  parts: RetainParts,
): Promise<void> {
  const { writer } = parts.clickhouse;
  const { shelving, retention_class, bucket } = shelf;
  const facts = await factsOf(writer, shelving, shelf);
  if (facts.rows === 0) return drop(writer, shelving, shelf);
  const id = randomUUID();
  const body = draft.parse({
    ...facts,
    certificate: id,
    stored_in: shelving.name,
    retention_class,
    bucket,
    frameworks: citations(retention_class),
    holds_considered: holds.map(({ hold }) => hold),
    decided_at: new Date(now / 1000).toISOString(),
    version: VERSION,
  });
  const intended = JSON.stringify(body);
  await record(writer, id, 'intended', intended, now);
  await carryOut({ certificate: id, steps: { intended } }, parts);
}

/** Quarantine has no class, and one clock for all. */
function citations(retentionClass: string) {
  if (retentionClass === '') return [];
  return frameworksOf(retentionClass).map((name) => ({ name, citation: FRAMEWORKS[name].citation }));
}

/** What a deletion is about. */
export function placeOf({ steps }: Deletion): Way {
  const { stored_in, retention_class, bucket } = draft.parse(JSON.parse(steps.intended ?? ''));
  return { shelving: shelvingOf(stored_in), retention_class, bucket };
}

/**
 * Goes on with a deletion that an earlier pass left half-way, however long ago. Where something that was stored meanwhile keeps
 * rows of it that are not dropped yet, it is abandoned, and what is left of the partition is decided anew.
 */
export async function finish(deletion: Deletion, parts: RetainParts): Promise<void> {
  const { certificate: id, steps } = deletion;
  const { writer } = parts.clickhouse;
  if (steps.certified !== undefined || (await stillStands(deletion, parts))) return carryOut(deletion, parts);
  await withdrawRows(writer, id);
  await record(writer, id, 'abandoned', '', nowUs(parts.clock));
  parts.logger.warn(
    { certificate: id },
    'a deletion that was left half-way is abandoned: something keeps rows of it now',
  );
}

async function stillStands({ steps }: Deletion, parts: RetainParts): Promise<boolean> {
  const { writer } = parts.clickhouse;
  const intended = draft.parse(JSON.parse(steps.intended ?? ''));
  const shelving = shelvingOf(intended.stored_in);
  if ((await measured(writer, shelving, intended)).rows === 0) return true;
  const now = nowUs(parts.clock);
  const kept = await reasons(writer, parts.rules);
  await keepAside({ shelving, ...intended }, shelving.way, kept, { now, by: now }, parts);
  return (await factsOf(writer, shelving, intended)).rows === intended.rows;
}

/** Takes a deletion to its end from wherever it stands. Every step may be repeated. */
async function carryOut({ certificate: id, steps }: Deletion, parts: RetainParts): Promise<void> {
  const { clickhouse, signingKey, clock } = parts;
  const { writer } = clickhouse;
  const intended = draft.parse(JSON.parse(steps.intended ?? ''));
  const shelving = shelvingOf(intended.stored_in);
  const write = (step: Step, body: string) => record(writer, id, step, body, nowUs(clock));

  let sealed = steps.certified;
  if (sealed === undefined) {
    const ranges = shelving.isAccounted ? await writtenDown(shelving, intended, parts) : null;
    await drop(writer, shelving, intended);
    await refuseUnlessGone(shelving, intended, parts);
    sealed = seal({ ...intended, ranges, measured_gone_at: clock.now().toISOString() }, signingKey);
    await write('certified', sealed);
  }
  await fileCertificate(parts.certificates, id, sealed);
  await tell({ certificate: id, sealed, digest: digestOf(sealed), intended, since: steps.telling }, parts, write);
  const { retention_class, bucket, rows, kept } = intended;
  parts.logger.info({ certificate: id, table: shelving.name, retention_class, bucket, rows, kept }, 'deleted');
}

/** The ranges that go, in the store and in a file, both durable before anything is dropped. */
async function writtenDown(shelving: Shelving, intended: Draft, parts: RetainParts): Promise<Certificate['ranges']> {
  const { certificate: id, rows } = intended;
  const { writer } = parts.clickhouse;
  await recordRows(writer, id, shelving, intended, nowUs(parts.clock));
  const recorded = await countRecorded(writer, id);
  if (recorded.rows !== rows)
    throw new RecordDiffers(
      `certificate ${id}: ${recorded.rows} rows are written down and ${rows} go: nothing is dropped`,
    );
  return fileRanges(writer, parts.certificates, id);
}

function shelvingOf(name: string): Shelving {
  const found = SHELVINGS.find((shelving) => shelving.name === name);
  if (found === undefined) throw new RangeError('a deletion names a table this version does not know');
  return found;
}

async function refuseUnlessGone(shelving: Shelving, place: Place, { clickhouse }: RetainParts): Promise<void> {
  const { rows, parts } = await measured(clickhouse.writer, shelving, place);
  if (rows === 0 && parts === 0) return;
  throw new StillThere(
    `${shelving.name} ${place.retention_class}/${place.bucket}: ${rows} rows in ${parts} parts after the drop`,
  );
}
