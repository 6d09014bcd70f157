import { registerHooks } from 'node:module';
import { MUTANTS, type Mutant } from './mutants.ts';
import type { Result } from './seed.ts';

const services = new URL('../../services/', import.meta.url).href;
const own = new URL('./', import.meta.url).href;
/** Rooms no mutant lies in: they are loaded once for all. */
const SHARED = /^(?:formats|otlp|privacy|identity|retention|sinks)\//;

const isCopied = (url: string): boolean =>
  url.startsWith(own) || (url.startsWith(services) && !SHARED.test(url.slice(services.length)));

const loaded = new Set<string>();

/** Every module that a module of a mutant imports is a copy of its own, and one of them has the bug. */
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const number = /\?mutant=(\d+)$/.exec(context.parentURL ?? '')?.[1];
    if (number === undefined || !isCopied(resolved.url)) return resolved;
    return { ...resolved, url: `${resolved.url}?mutant=${number}` };
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
  const url = new URL(`seed.ts?mutant=${MUTANTS.indexOf(mutant)}`, import.meta.url);
  const { runSeed }: typeof import('./seed.ts') = await import(url.href);
  if (!loaded.has(mutant.name)) throw new Error(`${mutant.name}: nothing loads ${mutant.file}`);
  return (seed) => runSeed(seed);
}
