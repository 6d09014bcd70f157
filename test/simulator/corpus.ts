import { z } from 'zod';
import type { Draft } from '../../services/core/event.ts';
import type { Format } from '../../services/core/format.ts';
import type { Random } from './random.ts';

/** What receivers think of an event. */
const LIKINGS = ['', 'refuse', 'divert'] as const;

const said = z.object({
  kind: z.enum(['events', 'skip', 'reject']),
  events: z.array(
    z.object({
      outcome: z.enum(['success', 'denied']),
      liking: z.enum(LIKINGS),
      content: z.boolean(),
      daysAgo: z.number(),
      at: z.number(),
    }),
  ),
});

type Said = z.output<typeof said>;

/** What a message must become. */
export type Expected =
  | { readonly outcome: 'accepted'; readonly events: Said['events'] }
  | { readonly outcome: 'skipped' | 'quarantined' };

export interface Message {
  readonly value: Buffer;
  readonly expected: Expected;
}

const DAY_MS = 86_400_000;

export function message(random: Random, now: Date): Message {
  const draw = random.next();
  if (draw < 0.06) return { value: Buffer.from('{"kind":'), expected: { outcome: 'quarantined' } };
  if (draw < 0.1) return told('reject', [], { outcome: 'quarantined' });
  if (draw < 0.16) return told('skip', [], { outcome: 'skipped' });
  const events = Array.from({ length: draw < 0.3 ? 2 + random.below(3) : 1 }, (): Said['events'][number] => ({
    outcome: random.chance(0.15) ? 'denied' : 'success',
    liking: random.chance(0.1) ? random.pick(['refuse', 'divert']) : '',
    content: random.chance(0.4),
    daysAgo: random.below(3),
    at: now.getTime(),
  }));
  return told('events', events, { outcome: 'accepted', events });
}

const told = (kind: Said['kind'], events: Said['events'], expected: Expected): Message => ({
  value: Buffer.from(JSON.stringify({ kind, events })),
  expected,
});

/** Reads what `message` makes. The mapping of real formats is not what is tried here. */
export const simulated: Format = {
  name: 'simulated',
  encodings: ['json'],
  detect: () => true,
  read(read) {
    const { kind, events } = said.parse(read);
    if (kind === 'skip') return { kind: 'skipped', reason: 'message: says nothing' };
    if (kind === 'reject') return { kind: 'rejected', reason: 'kind: cannot be true' };
    return { kind: 'accepted', drafts: events.map(draft) };
  },
};

/** The request id tells the receiver what to think of the event. */
function draft({ outcome, liking, content, daysAgo, at }: Said['events'][number]): Draft {
  return {
    action: 'tool.call',
    outcome,
    request_id: liking,
    occurred_at: (at - daysAgo * DAY_MS) * 1000,
    claims: { basis: 'none' },
    attributes: {},
    personal_attributes: {},
    ...(content ? { content: { prompt: 'a few words' } } : {}),
  };
}
