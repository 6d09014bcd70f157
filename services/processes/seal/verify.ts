import { saidOtherwise } from '../../clickhouse/stored-content.ts';
import { type StoredLeaf, type Stretch, storedLeaves } from '../../clickhouse/stored-leaves.ts';
import { strays } from '../../clickhouse/strays.ts';
import type { Store } from '../../core/store.ts';
import type { SignedCheckpoint } from '../../ledger/checkpoint.ts';
import { type NodeReader, sameHash } from '../../ledger/tree.ts';
import type { Certified, Deleted } from './certified.ts';
import { Erasures } from './erasures.ts';
import { type Expected, expectedLeaves, TreeBroken } from './expected.ts';
import { type Disagreement, type Fault, faultFinder } from './faults.ts';
import type { Places } from './places.ts';

/** A signed tree and what it is held against. */
export interface Verifying {
  readonly partition: number;
  readonly checkpoint: SignedCheckpoint;
  /** Leaves `first` up to, not including, `next` are looked at. */
  readonly first: number;
  readonly next: number;
  /** Of the tree of the checkpoint. */
  readonly nodes: NodeReader;
  readonly places: Places;
  readonly store: Store;
  readonly certified: Certified;
  /** When the certificates were read, in microseconds since 1970. */
  readonly since: number;
}

/** Events by certificate. */
type Counted = Readonly<Record<string, number>>;

/** What became of the leaves that were looked at. */
export interface Verified {
  readonly events: number;
  /** Events whose personal part was erased, by the certificate that lists them. */
  readonly erased: Counted;
  /** The same of certificates that are not signed yet: the erasure is under way. */
  readonly erasing: Counted;
  /** Events that certificates say were deleted, by certificate. */
  readonly deleted: Counted;
  /** How many faults there are; `faults` holds the first of them. */
  readonly found: number;
  readonly faults: readonly Fault[];
}

/** Holds every row of the store against the signed tree. `advance` is told how many leaves more are done. */
export async function verify(verifying: Verifying, advance: (by: number) => void): Promise<Verified> {
  const { checkpoint, next, nodes, places, store } = verifying;
  const tree = { ...checkpoint, nodes, places };
  const finder = faultFinder({ ...verifying, size: checkpoint.size });
  const gone = new Gone(verifying.certified);
  const erasures = new Erasures(verifying);
  const stretch = await stretchOf(verifying);
  let at = verifying.first;
  for await (const { before, rows } of storedLeaves(store, stretch)) {
    const end = Math.min(next, await places.indexFrom(before, checkpoint.size));
    const expected = await expectedLeaves(tree, at, end);
    const wrong = [...disagreements(expected, rows)];
    for (const one of wrong) if (one.kind !== 'absent' || !gone.take(one.expected)) await finder.report(one);
    const named = new Set(wrong.flatMap((one) => ('row' in one ? [one.row] : [])));
    const signed = rows.filter((row) => !named.has(row));
    for (const row of signed) if (row.isRefilled) await finder.report({ kind: 'refilled', row });
    for (const row of await erasures.unlisted(signed)) await finder.report({ kind: 'unlisted', row });
    advance(end - at);
    at = end;
  }
  if (at !== next) throw new TreeBroken(`the audit offsets of the leaves end at leaf ${at}`);
  for (const one of gone.beyondCertified()) await finder.report(one);
  for await (const one of saidOtherwise(store, stretch)) await finder.report({ kind: 'said otherwise', ...one });
  for (const one of await strays(store, verifying.partition)) await finder.report({ kind: 'stray', ...one });
  const { found, faults } = finder;
  return { events: next - verifying.first, ...erasures.counted(), deleted: gone.byCertificate(), found, faults };
}

/** Audit offsets between the leaves that are looked at: what stands there and is no leaf was added. */
async function stretchOf({ partition, checkpoint, first, next, places }: Verifying): Promise<Stretch> {
  if (first === next) return { partition, from: 0, before: 0 };
  const [before] = first === 0 ? [] : await places.read(first - 1, first);
  const [last] = await places.read(next - 1, next);
  const from = before === undefined ? checkpoint.firstOffset : before.auditOffset + 1;
  const end = (last?.auditOffset ?? checkpoint.lastOffset) + 1;
  if (next === checkpoint.size && end !== checkpoint.lastOffset + 1)
    throw new TreeBroken(`the last leaf stands at audit offset ${end - 1}, not at ${checkpoint.lastOffset} as signed`);
  return { partition, from, before: end };
}

/** Both in the order of audit offsets. A held event stands in two tables, and in neither twice. */
function* disagreements(
  expected: readonly Expected[],
  rows: readonly StoredLeaf[],
): Generator<Disagreement, void, undefined> {
  const byOffset = Map.groupBy(rows, ({ auditOffset }) => auditOffset);
  for (const leaf of expected) {
    const here = byOffset.get(leaf.auditOffset) ?? [];
    byOffset.delete(leaf.auditOffset);
    if (here.length === 0) yield { kind: 'absent', expected: leaf };
    const tables = new Set<string>();
    for (const row of here) {
      if (!sameHash(row.leaf, leaf.leaf)) yield { kind: 'differs', expected: leaf, row };
      else if (tables.has(row.table)) yield { kind: 'twice', row };
      tables.add(row.table);
    }
  }
  for (const row of [...byOffset.values()].flat()) yield { kind: 'surplus', row };
}

/** Leaves whose events certificates speak for, counted against what those certify. */
class Gone {
  readonly #certified: Certified;
  readonly #counts = new Map<Deleted, { count: number; last: Expected }>();

  constructor(certified: Certified) {
    this.#certified = certified;
  }

  /** False where no certificate speaks for it. */
  take(expected: Expected): boolean {
    const by = this.#certified.of(expected.lineage, expected.offset);
    if (by === undefined) return false;
    this.#counts.set(by, { count: (this.#counts.get(by)?.count ?? 0) + 1, last: expected });
    return true;
  }

  *beyondCertified(): Generator<Disagreement, void, undefined> {
    for (const [by, { count, last }] of this.#counts)
      if (count > by.rows) yield { kind: 'uncertified', expected: last, by };
  }

  byCertificate(): Counted {
    const found = new Map<string, number>();
    for (const [{ certificates, rows }, { count }] of this.#counts) {
      const name = certificates.join(' and ');
      found.set(name, (found.get(name) ?? 0) + Math.min(count, rows));
    }
    return Object.fromEntries(found);
  }
}
