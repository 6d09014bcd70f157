import { createHash, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';

/** Text with signatures under it (https://c2sp.org/signed-note), by Ed25519 keys. */

/** Signature type of Ed25519 in a key's encoding. */
const ED25519 = 1;
const RAW_KEY_BYTES = 32;
const KEY_ID_BYTES = 4;

/** DER of an Ed25519 SubjectPublicKeyInfo up to the key itself (RFC 8410, 4). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** What a verifier may be asked to look through. The specification asks for 16 at least. */
const MOST_SIGNATURES = 64;

/** The public half of a key, under the name it signs with. */
export interface Verifier {
  readonly name: string;
  /** `<name>+<key id in hex>+<type and key in base64>`: what verifiers of notes are handed. */
  readonly vkey: string;
  /** First bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key), in hex. */
  readonly id: string;
  readonly key: KeyObject;
  /** SHA-256 of the key's SubjectPublicKeyInfo in DER, in hex. */
  readonly fingerprint: string;
}

export interface Signer {
  readonly verifier: Verifier;
  readonly key: KeyObject;
}

/** Names hold neither spaces nor plus signs. */
const NAME = /^[^\s+]+$/u;

/** Throws where the name cannot stand in a signature or the key is not Ed25519. */
export function signer(name: string, key: KeyObject): Signer {
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('is no Ed25519 key');
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return { verifier: verifier(name, spki.subarray(SPKI_HEAD.length)), key };
}

/** Throws, saying why, where the text is no key. */
export function readVkey(vkey: string): Verifier {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u.exec(vkey) ?? [];
  if (name === undefined || encoded === undefined) throw new RangeError('is no key: write name+id+base64');
  const [type, ...raw] = Buffer.from(encoded, 'base64');
  if (type !== ED25519 || raw.length !== RAW_KEY_BYTES) throw new RangeError('is no Ed25519 key');
  const read = verifier(name, Buffer.from(raw));
  if (read.id !== id) throw new RangeError(`its id is ${read.id}, not ${id}`);
  return read;
}

function verifier(name: string, raw: Uint8Array): Verifier {
  if (!NAME.test(name)) throw new RangeError('a key name holds no spaces and no plus');
  const typed = Buffer.concat([Uint8Array.of(ED25519), raw]);
  const digest = createHash('sha256').update(`${name}\n`).update(typed).digest('hex');
  const id = digest.slice(0, 2 * KEY_ID_BYTES);
  const spki = Buffer.concat([SPKI_HEAD, raw]);
  return {
    name,
    id,
    vkey: `${name}+${id}+${typed.toString('base64')}`,
    key: createPublicKey({ key: spki, type: 'spki', format: 'der' }),
    fingerprint: hash('sha256', spki, 'hex'),
  };
}

/** Signs a text, which ends in a line break. */
export function signNote(text: string, signers: readonly Signer[]): string {
  if (!isText(text) || !text.endsWith('\n')) throw new RangeError('a note is lines of text');
  const bytes = Buffer.from(text);
  const lines = signers.map(({ verifier: { name, id }, key }) => {
    const signature = Buffer.concat([Buffer.from(id, 'hex'), sign(null, bytes, key)]);
    return `— ${name} ${signature.toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

export type OpenedNote =
  | { readonly kind: 'verified'; readonly text: string; readonly by: readonly Verifier[] }
  | { readonly kind: 'refused'; readonly reason: string };

interface Line {
  readonly name: string;
  readonly id: string;
  readonly signature: Buffer;
}

/** The text, if a known key signed it and no known key's signature is wrong. Signatures of others are passed over. */
export function openNote(note: string, known: readonly Verifier[]): OpenedNote {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n') || !isText(note)) return refused('it is no signed note');
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MOST_SIGNATURES) return refused(`it has more than ${MOST_SIGNATURES} signatures`);
  const by = new Set<Verifier>();
  for (const line of lines) {
    const read = readLine(line);
    if (read === undefined) return refused('a signature line is malformed');
    const found = known.find(({ name, id }) => name === read.name && id === read.id);
    if (found === undefined) continue;
    if (!verify(null, Buffer.from(text), found.key, read.signature))
      return refused(`the signature of ${found.name}+${found.id} does not fit the text`);
    by.add(found);
  }
  return by.size === 0 ? refused('no known key has signed it') : { kind: 'verified', text, by: [...by] };
}

function readLine(line: string): Line | undefined {
  const [, name, encoded] = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? [];
  if (name === undefined || encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64') !== encoded || bytes.length <= KEY_ID_BYTES) return undefined;
  return { name, id: bytes.toString('hex', 0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) };
}

/** No control characters but line breaks, and nothing that UTF-8 cannot hold. */
const isText = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text.replaceAll('\n', ''));

const refused = (reason: string): OpenedNote => ({ kind: 'refused', reason });
