import { readFileSync } from 'node:fs';

/** The records Trailhouse writes; each has its audit topic and its table. */
export const RECORDS = [
  'audit-event',
  'audit-content',
  'audit-quarantine',
  'audit-accounting',
  'audit-delivery',
] as const;
export type RecordName = (typeof RECORDS)[number];

/** A schema as a datum was written with it. */
export interface Written {
  /** Id in the Confluent wire format. */
  readonly id: number;
  readonly name: RecordName;
  readonly version: number;
  readonly json: string;
}

/** Where schema ids come from. Rejects when the registry cannot answer: the lane waits, nothing is dropped. */
export interface Schemas {
  /** Undefined for an id that is not one of ours. */
  byId(id: number): Promise<Written | undefined>;
  /** The newest version this program writes. */
  current(name: RecordName): Promise<Written>;
}

const folder = new URL('../../schemas/', import.meta.url);

/** Every version kept in the repo, with the id it has where no registry is configured. Read once: they never change. */
export const versions = (): readonly Written[] => kept;

const kept = read();

function read(): readonly Written[] {
  const registry: Readonly<Record<string, string>> = JSON.parse(readFileSync(new URL('registry.json', folder), 'utf8'));
  return Object.entries(registry).map(([id, file]) => {
    const [name, version] = file.split('.v');
    const known = RECORDS.find((record) => record === name);
    if (known === undefined) throw new Error(`schemas/registry.json: ${file} is not one of our records`);
    const json = readFileSync(new URL(`versions/${file}.avsc`, folder), 'utf8');
    return { id: Number(id), name: known, version: Number(version), json: JSON.stringify(JSON.parse(json)) };
  });
}

/** The newest version of a record in the repo. */
export function newest(name: RecordName): Written {
  const found = versions()
    .filter((written) => written.name === name)
    .sort((a, b) => b.version - a.version)[0];
  if (found === undefined) throw new Error(`schemas/registry.json has no ${name}`);
  return found;
}

/** The repo's own schemas serve where no registry is configured. */
export function repoSchemas(): Schemas {
  const ids = new Map(versions().map((written) => [written.id, written]));
  return {
    byId: async (id) => ids.get(id),
    current: async (name) => newest(name),
  };
}
