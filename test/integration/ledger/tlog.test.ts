import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { signCheckpoint } from '../../../services/ledger/checkpoint.ts';
import { Edge, type FilledTile } from '../../../services/ledger/edge.ts';
import { nodesOf, tilePath } from '../../../services/ledger/tiles.ts';
import { consistencyProof, inclusionProof, rootAt } from '../../../services/ledger/tree.ts';
import { ORIGIN, testSigner } from '../../ledger/keys.ts';
import { growTiles, leafAt } from '../../ledger/leaves.ts';

const program = new URL('../../ledger/tlog/', import.meta.url).pathname;

/** The program's module has to be there or to be had; where it is not, what was not checked is said aloud. */
const missing = ((): string | undefined => {
  const got = spawnSync('go', ['mod', 'download'], { cwd: program, encoding: 'utf8' });
  if (got.error !== undefined) return 'there is no go here';
  return got.status === 0 ? undefined : `go mod download: ${got.stderr.trim()}`;
})();
if (missing !== undefined) console.warn(`NOT CHECKED against golang.org/x/mod/sumdb/tlog: ${missing}`);

const text = (hash: Uint8Array): string => Buffer.from(hash).toString('base64');

test.skipIf(missing !== undefined)('Go’s tlog and note agree on tiles, roots, proofs and signatures', async () => {
  const size = 66_000;
  const nodes = nodesOf(growTiles(size).tiles, size);
  const sizes = [1, 2, 3, 255, 256, 257, 512, 1_000, 65_535, 65_536, 65_537, size];
  const trees = await Promise.all(sizes.map(async (at) => ({ size: at, root: text(await rootAt(nodes, at)) })));
  const inclusion = [];
  const consistency = [];
  for (const second of trees) {
    for (const index of [0, 1, 255, 256, 65_535, second.size - 1].filter((one) => one < second.size)) {
      const proof = await inclusionProof(nodes, index, second.size);
      inclusion.push({ index, ...second, proof: proof.map(text) });
    }
    for (const first of trees.filter((one) => one.size <= second.size)) {
      const proof = await consistencyProof(nodes, first.size, second.size);
      consistency.push({ first, second, proof: proof.map(text) });
    }
  }
  const signed = signCheckpoint(
    {
      ...{ origin: `${ORIGIN}/0`, size, root: await rootAt(nodes, size), firstOffset: 0, lastOffset: size },
      ...{ signedAt: '2026-07-01T10:00:00.000Z', accounting: leafAt(0) },
    },
    [testSigner()],
  );
  const asked = spawnSync('go', ['run', '.'], {
    cwd: program,
    encoding: 'utf8',
    maxBuffer: 2 ** 20,
    input: JSON.stringify({
      entries: Array.from({ length: size }, (_, index) => `leaf ${index}`),
      tiles: Object.fromEntries(tilesOf(size)),
      ...{ trees, inclusion, consistency, note: signed.note, vkey: testSigner().verifier.vkey },
      text: signed.note.slice(0, signed.note.lastIndexOf('\n\n') + 1),
    }),
  });
  expect(asked.stdout + asked.stderr).toBe('ok\n');
});

function tilesOf(size: number): readonly (readonly [string, string])[] {
  const edge = new Edge();
  const tiles: FilledTile[] = [];
  for (let index = 0; index < size; index++) edge.append(leafAt(index), (tile) => void tiles.push(tile));
  return [...tiles, ...edge.partials()].map((tile) => [tilePath(tile), text(tile.hashes)]);
}
