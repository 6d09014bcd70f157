import type { StoredLeaf } from '../../clickhouse/stored-leaves.ts';
import { eventId } from '../../core/origin.ts';
import type { Store } from '../../core/store.ts';
import { type NodeReader, sameHash } from '../../ledger/tree.ts';
import type { Deleted } from './certified.ts';
import type { Expected } from './expected.ts';

/** Where the store and the signed tree do not agree. */
export interface Fault {
  readonly kind: 'altered' | 'missing' | 'added' | 'reordered';
  readonly event: string;
  readonly partition: number;
  /** Place on audit.events. */
  readonly audit_offset: number;
  readonly why: string;
}

export type Disagreement =
  | { readonly kind: 'differs'; readonly expected: Expected; readonly row: StoredLeaf }
  | { readonly kind: 'absent'; readonly expected: Expected }
  | { readonly kind: 'surplus' | 'twice' | 'unlisted' | 'refilled'; readonly row: StoredLeaf }
  | {
      readonly kind: 'said otherwise' | 'stray';
      readonly event: string;
      readonly auditOffset: number;
      readonly table: string;
    }
  | { readonly kind: 'uncertified'; readonly expected: Expected; readonly by: Deleted };

/** Faults that are looked into; the rest is counted. */
const MOST = 20;

export interface FaultFinder {
  report(disagreement: Disagreement): Promise<void>;
  readonly found: number;
  readonly faults: readonly Fault[];
}

interface Surroundings {
  readonly partition: number;
  readonly size: number;
  readonly nodes: NodeReader;
  readonly store: Store;
}

/** Says of each disagreement what it is, which may take a look at the whole tree. */
export function faultFinder(around: Surroundings): FaultFinder {
  const faults: Fault[] = [];
  let found = 0;
  return {
    async report(disagreement) {
      found++;
      if (faults.length < MOST) faults.push(await look(disagreement, around));
    },
    get found() {
      return found;
    },
    faults,
  };
}

async function look(one: Disagreement, around: Surroundings): Promise<Fault> {
  const { partition } = around;
  switch (one.kind) {
    case 'surplus':
      return { ...placeOf(one.row, partition), ...(await whence(one.row, undefined, around)) };
    case 'twice': {
      const why = `the row in audit.${one.row.table} is there twice`;
      return { ...placeOf(one.row, partition), kind: 'added', why };
    }
    case 'unlisted': {
      const why = 'its personal part was erased, and no signed certificate lists it with its hash';
      return { ...placeOf(one.row, partition), kind: 'altered', why };
    }
    case 'refilled': {
      const why = 'its personal part was erased, and something stands in its place again';
      return { ...placeOf(one.row, partition), kind: 'altered', why };
    }
    case 'said otherwise': {
      const why = `the row in audit.${one.table} is not the content that the event commits to`;
      return { event: one.event, partition, audit_offset: one.auditOffset, kind: 'altered', why };
    }
    case 'stray': {
      const why = `the row in audit.${one.table} stands where the log has no record`;
      return { event: one.event, partition, audit_offset: one.auditOffset, kind: 'added', why };
    }
    case 'differs':
      return { ...placeOf(one.row, partition), ...(await whence(one.row, one.expected, around)) };
    case 'absent':
      return { ...signedPlace(one.expected, partition), ...(await whither(one.expected, around)) };
    case 'uncertified': {
      const { rows, first, certificates } = one.by;
      const why = `more events are gone of the raw range from ${first} than the ${rows} that ${certificates.join(' and ')} certifies`;
      return { ...signedPlace(one.expected, partition), kind: 'missing', why };
    }
  }
}

const placeOf = ({ eventId: event, auditOffset: audit_offset }: StoredLeaf, partition: number) => ({
  event,
  partition,
  audit_offset,
});

const signedPlace = (expected: Expected, partition: number) => ({
  event: idOf(expected),
  partition,
  audit_offset: expected.auditOffset,
});

function idOf({ lineage, offset, ordinal }: Expected): string {
  const [epoch, topic = '', partition] = lineage.split('/');
  return eventId({ epoch: Number(epoch), topic, partition: Number(partition), offset, ordinal });
}

type Judged = Pick<Fault, 'kind' | 'why'>;

/** A row that is not what was signed for its place: is it one that was signed for another? */
async function whence(row: StoredLeaf, expected: Expected | undefined, around: Surroundings): Promise<Judged> {
  const index = await indexOf(row.leaf, around);
  const where = `in audit.${row.table}`;
  if (index !== undefined && index !== expected?.index)
    return { kind: 'reordered', why: `the row ${where} is leaf ${index} of the signed tree and stands elsewhere` };
  if (expected === undefined) return { kind: 'added', why: `the row ${where} is not in the signed tree` };
  const id = idOf(expected);
  const whose = row.eventId === id ? '' : `; event ${id} was signed there`;
  return { kind: 'altered', why: `the row ${where} does not give the leaf ${expected.index} that was signed${whose}` };
}

/** A leaf without its row: does the event stand elsewhere? */
async function whither(expected: Expected, { store }: Surroundings): Promise<Judged> {
  const tables = ['events', 'events_leaving', 'events_held', 'events_released'];
  const rows = await store.rows(
    tables
      .map((table) => `SELECT audit_partition, audit_offset FROM audit.${table} WHERE event_id = {event:UUID}`)
      .join(' UNION ALL '),
    { event: idOf(expected) },
  );
  const [row] = rows;
  if (row === undefined)
    return { kind: 'missing', why: 'it was signed, is not stored, and no certificate speaks for it' };
  return { kind: 'reordered', why: `it was signed here and stands at ${row.audit_partition}/${row.audit_offset}` };
}

async function indexOf(leaf: Uint8Array, { size, nodes }: Surroundings): Promise<number | undefined> {
  for (let index = 0; index < size; index++) if (sameHash(await nodes(0, index), leaf)) return index;
  return undefined;
}
