import { newest } from '../../services/codec/schemas.ts';
import type { Batch } from '../../services/core/log.ts';
import { openBindings } from '../../services/identity/bindings.ts';
import { identityConfig } from '../../services/identity/config.ts';
import { readDirectory } from '../../services/identity/directory.ts';
import { openIdentity } from '../../services/identity/resolve.ts';
import { privacyConfig } from '../../services/privacy/config.ts';
import { bind, DEFAULT_TOPICS } from '../../services/processes/bindings.ts';
import { openPrivacy } from '../../services/processes/ingest/privacy.ts';
import type { Surroundings } from '../../services/processes/ingest/settle.ts';
import { retentionConfig } from '../../services/retention/config.ts';
import type { Company } from './corpus/company.ts';
import type { Message } from './corpus/messages.ts';

const TOPIC = 'gateway.events';

/** Key of the tokens that stand for people's data. */
export const TOKENS: Uint8Array = Buffer.alloc(32, 7);

/** Defaults throughout: every detector on, content kept masked; keys that are the same in every run. */
export function surroundings({ files }: Company): Surroundings {
  const read = readDirectory(files);
  const binding = bind(DEFAULT_TOPICS).get(TOPIC);
  if (read.kind === 'unreadable') throw new Error(read.reason);
  if (binding === undefined) throw new Error(`no topic ${TOPIC}`);
  const saltKey = Buffer.alloc(32, 3);
  return {
    binding,
    retention: retentionConfig.parse({}),
    identify: openIdentity(read.directory, openBindings(identityConfig.parse({}).bindings)),
    ids: {
      event: newest('audit-event').id,
      content: newest('audit-content').id,
      quarantine: newest('audit-quarantine').id,
      accounting: newest('audit-accounting').id,
    },
    saltKey: () => saltKey,
    sealing: { name: 'quarantine', key: Buffer.alloc(32, 4) },
    quarantineDays: 90,
    privacy: openPrivacy(privacyConfig.parse({}), TOKENS),
    now: new Date('2026-01-16T08:00:00Z'),
    broken(format, error) {
      throw new Error(`${format} failed with ${error}`);
    },
  };
}

/** As a partition holds them, `size` at a time. */
export function batches(messages: readonly Message[], size: number): readonly Batch[] {
  const made: Batch[] = [];
  for (let first = 0; first < messages.length; first += size) {
    const some = messages.slice(first, first + size);
    const records = some.map(({ value, at }, index) => ({
      ...{ topic: TOPIC, partition: 0, offset: first + index, receivedAt: at },
      ...{ key: undefined, headers: {}, value },
    }));
    made.push({ topic: TOPIC, partition: 0, first, next: first + some.length, records });
  }
  return made;
}
