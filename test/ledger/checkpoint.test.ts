import { expect, test } from 'vitest';
import { openCheckpoint, signCheckpoint } from '../../services/ledger/checkpoint.ts';
import { signNote } from '../../services/ledger/note.ts';
import { checkProof, readProof, writeProof } from '../../services/ledger/proof.ts';
import { nodesOf } from '../../services/ledger/tiles.ts';
import { inclusionProof } from '../../services/ledger/tree.ts';
import { ORIGIN, testSigner } from './keys.ts';
import { growTiles, leafAt } from './leaves.ts';

const SIZE = 300;
const { edge, tiles } = growTiles(SIZE);
const key = testSigner();
const checkpoint = {
  origin: `${ORIGIN}/0`,
  size: SIZE,
  root: edge.root(),
  firstOffset: 0,
  lastOffset: 310,
  signedAt: '2026-07-01T10:00:00.000Z',
  accounting: leafAt(9),
};
const signed = signCheckpoint(checkpoint, [key]);

test('a checkpoint is read back as it was signed', () => {
  const opened = openCheckpoint(signed.note, [key.verifier]);
  expect(opened).toEqual({ kind: 'verified', checkpoint: signed, by: [key.verifier] });
  expect(signed.note.split('\n').slice(0, 2)).toEqual(['alderbrook.example/audit/0', '300']);
});

test('a signed text that is no checkpoint is refused', () => {
  const refused = (text: string) => openCheckpoint(signNote(text, [key]), [key.verifier]);
  const text = signed.note.slice(0, signed.note.indexOf('\n\n') + 1);
  const reason = 'it is signed, but no checkpoint of a ledger';
  expect(refused('hello\n')).toEqual({ kind: 'refused', reason });
  expect(refused(text.replace('\n300\n', '\n0300\n'))).toEqual({ kind: 'refused', reason });
  expect(refused(`${text}more\n`)).toEqual({ kind: 'refused', reason });
});

test('a proof needs nothing but the key', async () => {
  const hashes = await inclusionProof(nodesOf(tiles, SIZE), 42, SIZE);
  const text = writeProof({ index: 42, hashes, checkpoint: signed.note });
  expect(readProof(text)).toEqual({
    index: 42,
    hashes: hashes.map((hash) => Buffer.from(hash)),
    checkpoint: signed.note,
  });
  expect(checkProof(text, leafAt(42), [key.verifier])).toEqual({ kind: 'proved', checkpoint: signed, index: 42 });
  expect(checkProof(text.replace('index', 'extra eA==\nindex'), leafAt(42), [key.verifier]).kind).toBe('proved');
  expect(checkProof(text, leafAt(43), [key.verifier])).toMatchObject({
    reason: 'the leaf is not where the proof says',
  });
  expect(checkProof(text, leafAt(42), [testSigner(2).verifier])).toMatchObject({
    reason: 'its checkpoint: no known key has signed it',
  });
  expect(checkProof('index 3', leafAt(42), [key.verifier])).toMatchObject({ reason: 'it is no inclusion proof' });
});
