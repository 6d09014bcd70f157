import { z } from 'zod';
import type { Answer, Asker } from '../console/desk.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Store } from '../core/store.ts';
import type { Keys } from '../privacy/keys.ts';
import { unseal } from '../privacy/seal.ts';
import { record } from './acts.ts';

export interface RevealParts {
  readonly store: Store;
  readonly log: Log;
  readonly keys: Keys;
  readonly clock: Clock;
}

/** Who wants to see what an event holds, and why. */
export interface Reveal {
  readonly event: string;
  readonly purpose: string;
  readonly operator: string;
}

const kept = z.object({ content: z.string(), sealed: z.string(), key_id: z.string() });

/** Content whose time has come shows no more, though its partition may still stand; what a hold keeps does. */
const CONTENT = `SELECT c.content AS content, base64Encode(c.sealed) AS sealed, c.key_id AS key_id
FROM (SELECT * FROM audit.content WHERE retain_until > now64(6) UNION ALL SELECT * FROM audit.content_held) AS c
WHERE c.event_id = {event:UUID} LIMIT 1`;

/**
 * What an event holds: its content as it is kept, and where a seal keeps more, what stood there before people's data were masked.
 * The act is on the trail before the answer leaves.
 */
export async function reveal(asked: Reveal, asker: Asker, parts: RevealParts): Promise<Answer> {
  const { event, purpose, operator } = asked;
  const [row] = await parts.store.rows(CONTENT, { event });
  const found = row === undefined ? undefined : kept.parse(row);
  const original = found === undefined ? undefined : await opened(found, event, parts.keys);
  const act = {
    action: 'content.revealed',
    outcome: found === undefined ? 'failure' : 'success',
    severity: 'medium',
    target: `event ${event}`,
    asker,
    operator,
    attributes: { event, purpose, sealed: original?.kind ?? 'none' },
  } as const;
  await record(act, parts.log, parts.clock);
  if (found === undefined)
    return { kind: 'refused', reason: `nothing is kept of what ${event} holds: no content, or its time has run` };
  const shown = {
    event_id: event,
    content: JSON.parse(found.content),
    ...(original?.kind === 'opened' ? { original: original.value } : {}),
    ...(original?.kind === 'gone' ? { original_gone: 'the key of the subject was destroyed' } : {}),
  };
  return { kind: 'text', text: `${JSON.stringify(shown)}\n`, rows: 1 };
}

type Original = { readonly kind: 'opened'; readonly value: unknown } | { readonly kind: 'gone' } | undefined;

async function opened({ sealed, key_id }: z.output<typeof kept>, event: string, keys: Keys): Promise<Original> {
  if (key_id === '') return undefined;
  const key = await keys.find(key_id);
  const bytes = key === undefined ? undefined : unseal(key, Buffer.from(sealed, 'base64'), Buffer.from(event));
  return bytes === undefined ? { kind: 'gone' } : { kind: 'opened', value: JSON.parse(Buffer.from(bytes).toString()) };
}
