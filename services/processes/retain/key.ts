import { open, readFile, stat } from 'node:fs/promises';
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
