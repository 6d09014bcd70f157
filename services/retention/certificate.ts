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

/** What was deleted, why, and what was not. Times are RFC 3339 in UTC. */
export const certificate = z.object({
  certificate: z.uuid(),
  /** Table of the store. */
  stored_in: z.string(),
  retention_class: z.string(),
  bucket: z.string(),
  rows: z.number(),
  /** Rows of the partition that are kept elsewhere: held, or of a class that became longer. */
  kept: z.number(),
  first_at: z.string(),
  last_at: z.string(),
  reasons: z.array(z.string()),
  frameworks: z.array(z.object({ name: z.string(), citation: z.string() })),
  lineages: z.array(
    z.object({
      epoch: z.number(),
      topic: z.string(),
      partition: z.number(),
      rows: z.number(),
      first_offset: z.number(),
      last_offset: z.number(),
      /** First offset of an accounting range, and how many of the rows it had promised. */
      accounts: z.array(z.tuple([z.number(), z.number()])),
    }),
  ),
  holds_considered: z.array(z.string()),
  decided_at: z.string(),
  measured_gone_at: z.string(),
  version: z.string(),
});
export type Certificate = z.output<typeof certificate>;

const PAYLOAD_TYPE = 'application/vnd.trailhouse.deletion+json';

/** DSSE envelope (https://github.com/secure-systems-lab/dsse/blob/master/envelope.md). */
const envelope = z.object({
  payloadType: z.literal(PAYLOAD_TYPE),
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

/** The signed certificate, as its file holds it. */
export function seal(content: Certificate, { key, id }: SigningKey): string {
  const payload = Buffer.from(JSON.stringify(content));
  const sig = sign(null, authenticated(payload), key).toString('base64');
  const sealed = { payloadType: PAYLOAD_TYPE, payload: payload.toString('base64'), signatures: [{ keyid: id, sig }] };
  return `${JSON.stringify(sealed, null, 2)}\n`;
}

/** DSSE's pre-authentication encoding: what is signed says what it is. */
function authenticated(payload: Buffer): Buffer {
  const head = `DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

export type Opened =
  | { readonly kind: 'genuine'; readonly certificate: Certificate; readonly digest: string; readonly keyid: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Opens a certificate with the public key (PEM) that its operator handed out. */
export function open(text: string, publicPem: string): Opened {
  const read = envelope.safeParse(parsed(text));
  if (!read.success) return { kind: 'refused', reason: 'the file is no certificate of deletion' };
  const key = publicKey(publicPem);
  if (key === undefined) return { kind: 'refused', reason: 'the key is no public Ed25519 key in PEM' };
  const payload = Buffer.from(read.data.payload, 'base64');
  const signature = read.data.signatures.find(({ keyid }) => keyid === keyId(key));
  if (signature === undefined) return { kind: 'refused', reason: `it is not signed by key ${keyId(key)}` };
  if (!verify(null, authenticated(payload), key, Buffer.from(signature.sig, 'base64')))
    return { kind: 'refused', reason: 'the signature does not fit what it says: the file was changed' };
  const said = certificate.safeParse(parsed(payload.toString()));
  if (!said.success) return { kind: 'refused', reason: 'it is signed, but says other than this version reads' };
  return { kind: 'genuine', certificate: said.data, digest: digestOf(text), keyid: signature.keyid };
}

/** Names the payload of a sealed certificate: SHA-256 in hex. */
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
