import { hash, type KeyObject } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { seal } from '../../../services/evidence/manifest.ts';
import { headers } from '../../../services/evidence/zip.ts';
import { openZip } from '../../../services/evidence/zip-source.ts';

/** Files of a bundle by name, in the order of the zip. */
export type Files = ReadonlyMap<string, Buffer>;

export async function filesOf(path: string): Promise<Files> {
  const zip = await openZip(path);
  const files = new Map<string, Buffer>();
  for (const name of zip.names) {
    const chunks: Buffer[] = [];
    for await (const chunk of zip.stream(name)) chunks.push(chunk);
    files.set(name, Buffer.concat(chunks));
  }
  await zip.close();
  return files;
}

/** The same files as they are in a zip that packs nothing: a bit that is turned in it is a bit of a file. */
export function stored(files: Files): Buffer {
  let at = 0;
  const entries = [...files].map(([name, bytes]) => {
    const entry = { name, method: 0, crc: crc32(bytes), packed: bytes.length, size: bytes.length, at };
    at += 30 + name.length + bytes.length;
    return entry;
  });
  const { locals, end } = headers(entries, at);
  return Buffer.concat([...[...files.values()].flatMap((bytes, index) => [locals[index] ?? end, bytes]), end]);
}

/** Where each file's bytes lie in a zip. */
export interface Region {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

export function regions(bytes: Buffer): readonly Region[] {
  const found: Region[] = [];
  for (let at = 0; bytes.toString('latin1', at, at + 4) === 'PK\x03\x04'; at = found.at(-1)?.to ?? bytes.length) {
    const from = at + 30 + bytes.readUInt16LE(at + 26);
    found.push({ name: bytes.toString('latin1', at + 30, from), from, to: from + bytes.readUInt32LE(at + 18) });
  }
  return found;
}

const manifest = z.looseObject({ files: z.array(z.object({ path: z.string(), sha256: z.string() })) });

/** The files under a manifest that lists them as they are, signed by a key: what whoever holds one can make. */
export function signedBy(key: KeyObject, files: Files, said: Readonly<Record<string, unknown>> = {}): Files {
  const old: unknown = JSON.parse(files.get('manifest.json')?.toString() ?? '');
  const { signing_key: _, ...kept } = manifest.parse(old);
  const own = [...files].filter(([name]) => !name.startsWith('manifest.'));
  const listed = own.map(([path, bytes]) => ({ path, bytes: bytes.length, sha256: hash('sha256', bytes) }));
  const whole = z.custom<Parameters<typeof seal>[0]>().parse({ ...kept, files: listed, ...said });
  const { plain, sealed } = seal(whole, key);
  return new Map([...own, ['manifest.json', plain], ['manifest.dsse.json', sealed]]);
}
