import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { z } from 'zod';

/** DSSE envelope (https://github.com/secure-systems-lab/dsse/blob/master/envelope.md). */
const envelope = z.object({
  payloadType: z.string(),
  payload: z.base64(),
  signatures: z.array(z.object({ keyid: z.string(), sig: z.base64() })).min(1),
});

/** A key that signs, and the name of its public half. */
export interface SigningKey {
  readonly id: string;
  readonly key: KeyObject;
}

export function newKey(): { readonly privatePem: string; readonly publicPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { privatePem: privateKey, publicPem: publicKey };
}

/** Throws where the PEM holds no Ed25519 key. */
export function readSigningKey(pem: string): SigningKey {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('is no Ed25519 key');
  return { key, id: keyId(createPublicKey(key)) };
}

/** The first half of the SHA-256 of the public key's DER. */
function keyId(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 32);
}

/** A signed document, as its file holds it. */
export function sealDocument(payloadType: string, content: unknown, { key, id }: SigningKey): string {
  const payload = Buffer.from(JSON.stringify(content));
  const sig = sign(null, authenticated(payloadType, payload), key).toString('base64');
  const sealed = { payloadType, payload: payload.toString('base64'), signatures: [{ keyid: id, sig }] };
  return `${JSON.stringify(sealed, null, 2)}\n`;
}

/** DSSE's pre-authentication encoding: what is signed says what it is. */
function authenticated(payloadType: string, payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

export type OpenedDocument =
  | { readonly kind: 'genuine'; readonly content: unknown; readonly digest: string; readonly keyid: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Opens a signed document of a type with the public key (PEM) that its operator handed out. */
export function openDocument(payloadType: string, text: string, publicPem: string): OpenedDocument {
  const read = envelope.safeParse(parsed(text));
  if (!read.success) return { kind: 'refused', reason: 'the file is no signed document' };
  if (read.data.payloadType !== payloadType)
    return { kind: 'refused', reason: `the file says it is ${read.data.payloadType.slice(0, 80)}, not ${payloadType}` };
  const key = publicKey(publicPem);
  if (key === undefined) return { kind: 'refused', reason: 'the key is no public Ed25519 key in PEM' };
  const payload = Buffer.from(read.data.payload, 'base64');
  const signature = read.data.signatures.find(({ keyid }) => keyid === keyId(key));
  if (signature === undefined) return { kind: 'refused', reason: `it is not signed by key ${keyId(key)}` };
  if (!verify(null, authenticated(payloadType, payload), key, Buffer.from(signature.sig, 'base64')))
    return { kind: 'refused', reason: 'the signature does not fit what it says: the file was changed' };
  return { kind: 'genuine', content: parsed(payload.toString()), digest: digestOf(text), keyid: signature.keyid };
}

/** Names the payload of a signed document: SHA-256 in hex. */
export function digestOf(text: string): string {
  const { payload } = envelope.parse(parsed(text));
  return createHash('sha256').update(Buffer.from(payload, 'base64')).digest('hex');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function publicKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}
