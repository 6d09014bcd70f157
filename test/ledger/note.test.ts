import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openNote, readVkey, signNote } from '../../services/ledger/note.ts';
import { testKey, testSigner } from './keys.ts';

const [ours, theirs] = [testSigner(1), testSigner(2, 'witness.example')];
const TEXT = 'alderbrook.example/audit\n12\n\nmore\n';
const note = signNote(TEXT, [ours, theirs]);
const reasonOf = (text: string, known = [ours.verifier]) => {
  const opened = openNote(text, known);
  return opened.kind === 'refused' ? opened.reason : opened.kind;
};

test('a known key vouches for the text, whoever else has signed', () => {
  expect(openNote(note, [ours.verifier])).toEqual({ kind: 'verified', text: TEXT, by: [ours.verifier] });
  expect(openNote(note, [theirs.verifier, ours.verifier])).toMatchObject({ by: [ours.verifier, theirs.verifier] });
  expect(reasonOf(note, [testSigner(3).verifier])).toBe('no known key has signed it');
});

test('a key is read back from what is handed out', () => {
  const { vkey, id, fingerprint } = ours.verifier;
  expect(readVkey(vkey)).toMatchObject({ name: 'alderbrook.example/audit', vkey, id, fingerprint });
  expect(openNote(note, [readVkey(vkey)]).kind).toBe('verified');
  expect(() => readVkey(vkey.replace(id, '00000000'))).toThrow(`its id is ${id}, not 00000000`);
  expect(() => readVkey('alderbrook.example/audit')).toThrow('is no key');
  expect(() => readVkey(`a+${id}+AAAA`)).toThrow('is no Ed25519 key');
  expect(() => testSigner(1, 'with space')).toThrow('no spaces');
  expect(testKey(1).asymmetricKeyType).toBe('ed25519');
});

test('any other byte in text or signature is refused', () => {
  const bytes = Buffer.from(note);
  const end = bytes.length - theirs.verifier.name.length - 100;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: end }), fc.integer({ min: 0, max: 7 }), (at, bit) => {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      expect(reasonOf(flipped.toString())).not.toBe('verified');
    }),
  );
});

test('one wrong signature of a known key spoils the note', () => {
  const forged = note.replace(/(— alderbrook\S* )\S+/, `$1${signNote('other\n', [ours]).split(' ').at(-1)?.trim()}`);
  expect(reasonOf(forged)).toBe(`the signature of alderbrook.example/audit+${ours.verifier.id} does not fit the text`);
  expect(reasonOf(forged, [ours.verifier, theirs.verifier])).toContain('does not fit');
});

test('what is no note says so', () => {
  expect(reasonOf('text\n')).toBe('it is no signed note');
  expect(reasonOf(note.slice(0, -1))).toBe('it is no signed note');
  expect(reasonOf(`${TEXT}\n- dash ${'A'.repeat(96)}\n`)).toBe('a signature line is malformed');
  expect(reasonOf(`${TEXT}\n${'— a AAAAAAAA\n'.repeat(65)}`)).toBe('it has more than 64 signatures');
  expect(() => signNote('no line break', [ours])).toThrow('lines of text');
  expect(() => signNote('tab\t\n', [ours])).toThrow('lines of text');
});
