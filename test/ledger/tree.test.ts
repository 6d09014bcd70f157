import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Edge } from '../../services/ledger/edge.ts';
import { nodesOf } from '../../services/ledger/tiles.ts';
import {
  consistencyProof,
  EMPTY_ROOT,
  inclusionProof,
  rootAt,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '../../services/ledger/tree.ts';
import { growTiles, leafAt, plainRoot } from './leaves.ts';

const leaves = (size: number) => Array.from({ length: size }, (_, index) => leafAt(index));
const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');
const SIZE = fc.integer({ min: 1, max: 1_200 });

test('the root is that of RFC 6962, however it is made', async () => {
  await fc.assert(
    fc.asyncProperty(SIZE, async (size) => {
      const { edge, tiles } = growTiles(size);
      const root = hex(plainRoot(leaves(size)));
      expect(hex(edge.root())).toBe(root);
      expect(hex(rootOf(Buffer.concat(leaves(size))))).toBe(root);
      expect(hex(await rootAt(nodesOf(tiles, size), size))).toBe(root);
    }),
    { numRuns: 40 },
  );
  expect(new Edge().root()).toEqual(EMPTY_ROOT);
  expect(await rootAt(nodesOf(growTiles(3).tiles, 3), 0)).toEqual(EMPTY_ROOT);
});

test('an edge that was written down grows on as if it had never been closed', async () => {
  await fc.assert(
    fc.asyncProperty(SIZE, fc.integer({ min: 0, max: 600 }), async (size, more) => {
      const edge = await Edge.open(growTiles(size).tiles, size);
      for (let index = size; index < size + more; index++) edge.append(leafAt(index), () => {});
      expect(edge.root()).toEqual(growTiles(size + more).edge.root());
    }),
    { numRuns: 30 },
  );
});

test('every leaf is proved, and no other leaf, place, size or root', async () => {
  await fc.assert(
    fc.asyncProperty(SIZE, fc.nat(), fc.nat(), async (size, pick, other) => {
      const { edge, tiles } = growTiles(size);
      const index = pick % size;
      const proof = await inclusionProof(nodesOf(tiles, size), index, size);
      const said = { leaf: leafAt(index), index, size, proof, root: edge.root() };
      expect(verifyInclusion(said)).toBe(true);
      expect(verifyInclusion({ ...said, leaf: leafAt(index + 1) })).toBe(false);
      expect(verifyInclusion({ ...said, root: leafAt(0), leaf: leafAt(1) })).toBe(false);
      expect(verifyInclusion({ ...said, proof: [...proof, leafAt(0)] })).toBe(false);
      if (proof.length > 0) expect(verifyInclusion({ ...said, proof: proof.slice(1) })).toBe(false);
      const elsewhere = other % size;
      if (elsewhere !== index) expect(verifyInclusion({ ...said, index: elsewhere })).toBe(false);
      expect(verifyInclusion({ ...said, index: size })).toBe(false);
    }),
    { numRuns: 60 },
  );
});

test('one flipped bit anywhere in a proof is seen', async () => {
  const [size, index] = [333, 200];
  const { edge, tiles } = growTiles(size);
  const proof = await inclusionProof(nodesOf(tiles, size), index, size);
  const said = { leaf: leafAt(index), index, size, root: edge.root() };
  for (const [place, hash] of proof.entries())
    for (let bit = 0; bit < 8 * hash.length; bit++) {
      const flipped = Uint8Array.from(hash);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verifyInclusion({ ...said, proof: proof.with(place, flipped) })).toBe(false);
    }
});

test('a tree is consistent with each it grew from, and with no other', async () => {
  await fc.assert(
    fc.asyncProperty(SIZE, SIZE, fc.nat(), async (a, b, changed) => {
      const [first, second] = [Math.min(a, b), Math.max(a, b)];
      const { edge, tiles } = growTiles(second);
      const proof = await consistencyProof(nodesOf(tiles, second), first, second);
      const said = { first, firstRoot: plainRoot(leaves(first)), second, secondRoot: edge.root(), proof };
      expect(verifyConsistency(said)).toBe(true);
      const other = leaves(first).with(changed % first, leafAt(-1));
      expect(verifyConsistency({ ...said, firstRoot: plainRoot(other) })).toBe(false);
      expect(verifyConsistency({ ...said, secondRoot: leafAt(0), firstRoot: leafAt(1) })).toBe(false);
      expect(verifyConsistency({ ...said, proof: [...proof, leafAt(0)] })).toBe(false);
      if (proof.length > 0) expect(verifyConsistency({ ...said, proof: proof.slice(0, -1) })).toBe(false);
      if (first < second) expect(verifyConsistency({ ...said, first: second, second: first })).toBe(false);
    }),
    { numRuns: 60 },
  );
});

test('every pair of small sizes', async () => {
  const nodes = nodesOf(growTiles(40).tiles, 40);
  const root = (size: number) => plainRoot(leaves(size));
  for (let second = 0; second <= 40; second++)
    for (let first = 0; first <= second; first++) {
      const proof = await consistencyProof(nodes, first, second);
      const said = { first, firstRoot: root(first), second, secondRoot: root(second), proof };
      expect(verifyConsistency(said), `${first} in ${second}`).toBe(true);
      const index = first;
      if (index === second) continue;
      const path = await inclusionProof(nodes, index, second);
      expect(verifyInclusion({ leaf: leafAt(index), index, size: second, proof: path, root: root(second) })).toBe(true);
    }
});

test('sizes that are none are refused', async () => {
  const nodes = nodesOf(growTiles(5).tiles, 5);
  await expect(inclusionProof(nodes, 5, 5)).rejects.toThrow('leaf 5 is not in a tree of 5');
  await expect(consistencyProof(nodes, 6, 5)).rejects.toThrow('does not begin with');
  expect(() => rootOf(Buffer.alloc(33))).toThrow('no whole hashes');
});
