import { registerHooks } from 'node:module';
import { MUTANTS, type Mutant } from './mutants.ts';
import type { Result } from './seed.ts';

const services = new URL('../../services/', import.meta.url).href;
const seed = new URL('seed.ts', import.meta.url).href;

/** Who imports a module, of all that the simulator is made of. */
const importers = new Map<string, Set<string>>();
/** What leads from the simulator to the file with the bug, by number of the mutant. */
const copied = new Map<number, ReadonlySet<string>>();
const loaded = new Set<string>();

/** A module with the bug is a copy of its own, and so is whatever leads to it; the rest is loaded once for all. */
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const [parent = '', number] = (context.parentURL ?? '').split('?mutant=');
    if (number === undefined) importers.set(resolved.url, (importers.get(resolved.url) ?? new Set()).add(parent));
    else if (copied.get(Number(number))?.has(resolved.url) === true)
      return { ...resolved, url: `${resolved.url}?mutant=${number}` };
    return resolved;
  },
  load(url, context, next) {
    const [path = '', number] = url.split('?mutant=');
    if (number === undefined) return next(url, context);
    const result = next(path, context);
    const mutant = MUTANTS[Number(number)];
    if (mutant === undefined || path !== services + mutant.file) return result;
    const { source } = result;
    const text = typeof source === 'string' ? source : new TextDecoder().decode(source ?? undefined);
    if (text.split(mutant.from).length !== 2) throw new Error(`${mutant.name}: ${mutant.file} has changed`);
    loaded.add(mutant.name);
    return { ...result, source: text.replace(mutant.from, () => mutant.to) };
  },
});

/** The simulator over services with one bug in them. */
export async function plant(mutant: Mutant): Promise<(seed: number) => Promise<Result>> {
  await import(seed);
  const number = MUTANTS.indexOf(mutant);
  copied.set(number, leadingTo(services + mutant.file));
  const { runSeed }: typeof import('./seed.ts') = await import(`${seed}?mutant=${number}`);
  if (!loaded.has(mutant.name)) throw new Error(`${mutant.name}: nothing loads ${mutant.file}`);
  return (seed) => runSeed(seed);
}

function leadingTo(url: string, found: Set<string> = new Set()): ReadonlySet<string> {
  if (found.has(url)) return found;
  found.add(url);
  for (const importer of importers.get(url) ?? []) leadingTo(importer, found);
  return found;
}
