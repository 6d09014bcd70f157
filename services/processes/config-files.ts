import { accessSync, constants } from 'node:fs';
import { type Config, placeIn } from './config.ts';
import { ConfigError } from './config-error.ts';

/** What a role reads of what the configuration points at; every other role has these. */
const ALWAYS = ['log', 'clickhouse', 'schema_registry'] as const satisfies readonly (keyof Config)[];
const MORE: Readonly<Record<string, readonly (keyof Config)[]>> = {
  ingest: ['identity'],
  export: ['sinks'],
  watch: ['identity'],
  retain: ['retention'],
  erase: ['retention'],
  seal: ['ledger'],
  up: ['identity', 'sinks', 'retention', 'ledger'],
};

/** Refuses to start a role on a file that cannot be read or a variable that is not set: its lanes would wait for it for ever. */
export function refuseMissing(config: Config, role: string, environment: NodeJS.ProcessEnv): void {
  const missing = [...ALWAYS, ...(MORE[role] ?? [])].flatMap((section) =>
    pointers(config[section], [section]).flatMap((pointer) => {
      const reason = whyMissing(pointer, environment);
      return reason === undefined ? [] : [`${placeIn(config, pointer.path)}: ${reason}`];
    }),
  );
  if (missing.length > 0) throw new ConfigError(missing.join('\n'));
}

type Pointer = { readonly path: readonly PropertyKey[] } & ({ readonly file: string } | { readonly env: string });

/** Keys whose values are paths, wherever they stand. A secret is an object of one key that says where it is. */
const PATHS: ReadonlySet<string> = new Set(['ca', 'cert', 'key', 'signing_key', 'outside']);
const LISTS: ReadonlySet<string> = new Set(['directory', 'former_keys']);

function pointers(value: unknown, path: readonly PropertyKey[]): readonly Pointer[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  const [[only, at] = ['', undefined], ...others] = entries;
  if (others.length === 0 && typeof at === 'string' && (only === 'file' || only === 'env'))
    return [only === 'file' ? { path, file: at } : { path, env: at }];
  return entries.flatMap(([key, inner]): readonly Pointer[] => {
    const below = [...path, key];
    if (LISTS.has(key) && Array.isArray(inner))
      return inner.map((file, index) => ({ path: [...below, index], file: String(file) }));
    return typeof inner === 'string' && PATHS.has(key) ? [{ path: below, file: inner }] : pointers(inner, below);
  });
}

function whyMissing(pointer: Pointer, environment: NodeJS.ProcessEnv): string | undefined {
  if ('env' in pointer)
    return environment[pointer.env] === undefined ? `the environment variable ${pointer.env} is not set` : undefined;
  try {
    accessSync(pointer.file, constants.R_OK);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return `${pointer.file} cannot be read (${code})`;
  }
}
