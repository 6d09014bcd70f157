import { z } from 'zod';
import { newest, type RecordName, type Schemas, versions, type Written } from './schemas.ts';

/** Media type of Confluent's Schema Registry API. */
const JSON_TYPE = 'application/vnd.schemaregistry.v1+json';

const registered = z.object({ id: z.number().int().nonnegative() });
const stored = z.object({ schema: z.string(), schemaType: z.string().optional() });

export interface RegistryConfig {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** How long one question may take. */
  readonly timeoutMs: number;
}

const SUBJECTS: Record<RecordName, string> = {
  'audit-event': 'audit.events-value',
  'audit-content': 'audit.content-value',
  'audit-quarantine': 'audit.quarantine-value',
  'audit-accounting': 'audit.accounting-value',
  'audit-delivery': 'audit.deliveries-value',
};

/**
 * Schema ids from a registry that speaks Confluent's API (Confluent, Apicurio, Karapace, Redpanda). Subjects are named
 * by topic. The registry gives ids; what a schema says is always the repo's: an id whose schema is not one of our kept
 * versions is not ours.
 */
export function registrySchemas(config: RegistryConfig, fetch: typeof globalThis.fetch): Schemas {
  const byId = new Map<number, Written>();
  const current = new Map<RecordName, Written>();

  async function ask(path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(new URL(path, config.url), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { accept: JSON_TYPE, 'content-type': JSON_TYPE, ...authorization(config) },
      signal: AbortSignal.timeout(config.timeoutMs),
      redirect: 'error',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw new Error(`schema registry answered HTTP ${response.status} to ${path}`);
    return response.json();
  }

  return {
    async byId(id) {
      const known = byId.get(id);
      if (known !== undefined) return known;
      const answer = await ask(`/schemas/ids/${id}`);
      if (answer === undefined) return undefined;
      const ours = match(stored.parse(answer).schema);
      if (ours === undefined) return undefined;
      const written = { ...ours, id };
      byId.set(id, written);
      return written;
    },

    async current(name) {
      const known = current.get(name);
      if (known !== undefined) return known;
      const ours = newest(name);
      const answer = await ask(`/subjects/${SUBJECTS[name]}/versions`, { schema: ours.json, schemaType: 'AVRO' });
      const written = { ...ours, id: registered.parse(answer).id };
      current.set(name, written);
      return written;
    },
  };
}

function authorization({ username, password }: RegistryConfig): Record<string, string> {
  if (username === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}` };
}

/** Registries may reformat a schema but not reorder fields: compared without white space. */
function match(json: string): Written | undefined {
  try {
    const text = JSON.stringify(JSON.parse(json));
    return versions().find((written) => written.json === text);
  } catch {
    return undefined;
  }
}
