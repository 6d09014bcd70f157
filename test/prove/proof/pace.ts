import { hash } from 'node:crypto';
import { join } from 'node:path';
import { partsOf } from '../../../services/codec/event.ts';
import { Edge } from '../../../services/ledger/edge.ts';
import { nodesOf } from '../../../services/ledger/tiles.ts';
import { HASH_BYTES, inclusionProof, verifyInclusion } from '../../../services/ledger/tree.ts';
import { disk } from '../../../services/processes/seal/disk.ts';
import { TreeFiles, tileFiles } from '../../../services/processes/seal/tree-files.ts';
import { openRandom } from '../../simulator/random.ts';
import { eventAt } from '../../support/evidence.ts';

export interface Pace {
  /** SHA-256 of a node's 65 bytes at the same time: what the machine had left. */
  readonly hash: number;
  readonly events: number;
  /** CPU time of this process, microseconds an event: both hashes of a leaf, the tree, and its tiles on the disk. */
  readonly leaf: number;
  readonly tree: number;
  readonly tiles: number;
  /** Milliseconds by the clock, with no tile read before: half of the proofs took less, and the slowest. */
  readonly proofMedian: number;
  readonly proofMost: number;
}

/** Leaves that wait for the disk at a time, as the role has it. */
const AT_ONCE = 65_536;
const PROOFS = 101;

/** A ledger of so many events: what each costs, and what one proof takes from its files. */
export async function pace(events: number, folder: string): Promise<Pace> {
  const leaf = leafMicros();
  const node = hashMicros();
  const tree = await treeMicros(Math.min(events, 1_000_000));
  const place = join(folder, 'tree');
  const files = await TreeFiles.open(place, 0, disk);
  const from = process.cpuUsage();
  for (let index = 0; index < events; index++) {
    files.append(leafAt(index), { auditOffset: index, lineage: '0/gateway.events/0', offset: index, ordinal: 0 });
    if (index % AT_ONCE === AT_ONCE - 1) await files.flush();
  }
  await files.flush();
  const tiles = microsSince(from) / events - tree;
  const took = await proofs(place, files, events);
  const sorted = took.toSorted((a, b) => a - b);
  return {
    events,
    hash: node,
    leaf,
    tree,
    tiles,
    proofMedian: sorted[sorted.length >> 1] ?? 0,
    proofMost: sorted.at(-1) ?? 0,
  };
}

const scratch = Buffer.alloc(HASH_BYTES);

/** Any 32 bytes serve as a leaf: what a tree costs does not depend on them. */
function leafAt(index: number): Uint8Array {
  scratch.writeUInt32LE(index, 0);
  return scratch;
}

function microsSince(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from);
  return user + system;
}

function hashMicros(count = 500_000): number {
  const bytes = Buffer.alloc(1 + 2 * HASH_BYTES, 1);
  const from = process.cpuUsage();
  for (let index = 0; index < count; index++) hash('sha256', bytes, 'buffer');
  return microsSince(from) / count;
}

/** The two hashes as ingest makes them: over bytes that it has encoded anyway, each put where the next one reads it. */
function leafMicros(count = 200_000): number {
  const { open, personal } = partsOf(eventAt(1));
  const own = Buffer.concat([Buffer.alloc(16), personal]);
  const whole = Buffer.concat([Buffer.of(0), open, Buffer.alloc(HASH_BYTES)]);
  const from = process.cpuUsage();
  for (let index = 0; index < count; index++) {
    whole.write(hash('sha256', own, 'binary'), whole.length - HASH_BYTES, 'latin1');
    hash('sha256', whole, 'binary');
  }
  return microsSince(from) / count;
}

async function treeMicros(count: number): Promise<number> {
  const edge = new Edge();
  const from = process.cpuUsage();
  for (let index = 0; index < count; index++) edge.append(leafAt(index), () => {});
  return microsSince(from) / count;
}

/** Each from a reader of its own, that has read nothing yet, and held against the root. */
async function proofs(place: string, files: TreeFiles, size: number): Promise<readonly number[]> {
  const { below } = openRandom(1);
  const took: number[] = [];
  for (let left = PROOFS; left > 0; left--) {
    const index = below(size);
    const from = performance.now();
    const proof = await inclusionProof(nodesOf(tileFiles(place), size), index, size);
    took.push(performance.now() - from);
    if (!verifyInclusion({ leaf: Uint8Array.from(leafAt(index)), index, size, proof, root: files.root() }))
      throw new Error(`the proof of leaf ${index} does not hold`);
  }
  return took;
}
