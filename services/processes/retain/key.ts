import { createPublicKey, type KeyObject } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import type { RetentionConfig } from '../../retention/config.ts';
import { newKey, readSigningKey, type SigningKey } from '../../retention/signing.ts';
import { ConfigError } from '../config-error.ts';

/** What anybody but the owner may do with a file. */
const OTHERS = 0o077;

/** A key that signs, named by the setting `of`. The message names the file, never what it holds. */
export async function readKeyFile(file: string, of = 'retention.signing_key'): Promise<SigningKey> {
  const pem = await readFile(file, 'utf8').catch(() => undefined);
  if (pem === undefined) throw new ConfigError(`${of}: ${file} cannot be read`);
  if (((await stat(file)).mode & OTHERS) !== 0)
    throw new ConfigError(`${of}: ${file} may be read or written by others: chmod 600 it`);
  try {
    return readSigningKey(pem);
  } catch {
    throw new ConfigError(`${of}: ${file} holds no Ed25519 private key in PEM`);
  }
}

/** Public halves of the keys whose certificates count: the one that signs, and those that did. Empty where none signs. */
export async function readCertificateKeys({
  signing_key,
  former_keys,
}: Pick<RetentionConfig, 'signing_key' | 'former_keys'>): Promise<readonly KeyObject[]> {
  const signs = signing_key === undefined ? [] : [createPublicKey((await readKeyFile(signing_key)).key)];
  return [...signs, ...(await Promise.all(former_keys.map(readPublicKey)))];
}

async function readPublicKey(file: string): Promise<KeyObject> {
  const pem = await readFile(file, 'utf8').catch(() => undefined);
  if (pem === undefined) throw new ConfigError(`retention.former_keys: ${file} cannot be read`);
  if (pem.includes('PRIVATE KEY'))
    throw new ConfigError(`retention.former_keys: ${file} is a private key: name its public half`);
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below: what the parser says may quote the file.
  }
  throw new ConfigError(`retention.former_keys: ${file} holds no Ed25519 public key in PEM`);
}

/** Makes a key pair: the private half in `file`, the public one beside it as `file.pub`. Overwrites nothing. */
export async function writeKeyPair(file: string): Promise<{ readonly publicFile: string }> {
  const { privatePem, publicPem } = newKey();
  await writeNew(file, privatePem, 0o600);
  const publicFile = `${file}.pub`;
  await writeNew(publicFile, publicPem, 0o644);
  return { publicFile };
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new ConfigError(code === 'EEXIST' ? `${path} exists: keys are not overwritten` : `${path}: ${code}`);
  });
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
