import { createHash } from 'node:crypto';
import { repoSchemas, type Schemas } from '../../services/codec/schemas.ts';
import type { Keys } from '../../services/privacy/keys.ts';
import type { Process } from './process.ts';

/** Keys as files that outlive every process; the same name gives the same key in every seed. None is destroyed. */
export function keysOf(process: Process): Keys {
  const made = new Map<string, Uint8Array>();
  const getAll = (names: readonly string[]) =>
    process.ask('disk', `keys ${names.join(', ')}`, () => new Map(names.map((name) => [name, keyOf(name)])));
  const get = async (name: string): Promise<Uint8Array> => {
    const known = made.get(name);
    if (known !== undefined) return known;
    await getAll([name]);
    const key = keyOf(name);
    made.set(name, key);
    return key;
  };
  return {
    get,
    getAll,
    find: get,
    destroy: () => Promise.reject(new Error('no key is destroyed here')),
    destroyed: () => process.ask('disk', 'keys destroyed', () => 0),
  };
}

const keyOf = (name: string): Uint8Array => createHash('sha256').update(name).digest();

const repo = repoSchemas();

/** The schemas of the repo, behind a registry that has to answer once for each. */
export function schemasOf(process: Process): Schemas {
  const answered = new Set<string>();
  const asking = async <T>(what: string, reading: Promise<T>): Promise<T> => {
    const found = await reading;
    if (answered.has(what)) return found;
    await process.ask('registry', what, () => undefined);
    answered.add(what);
    return found;
  };
  return {
    byId: (id) => asking(`schema ${id}`, repo.byId(id)),
    current: (name) => asking(`schema of ${name}`, repo.current(name)),
  };
}
