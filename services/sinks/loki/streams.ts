import { ACTIONS, type AuditEvent } from '../../core/event.ts';
import type { Batch } from '../../core/sink.ts';

/** What a stream has in common: its labels, and the columns its labels do not carry. */
export interface Stream<E> {
  readonly labels: Labels;
  /** By time, which spares a new stream refusals within one push. */
  readonly entries: readonly Placed<E>[];
  readonly replayed: boolean;
}

/** What is kept of an event. */
export interface Placed<E> {
  readonly occurred_at: number;
  readonly entry: E;
}

export type Labels = Readonly<Record<string, string>>;

export interface Streaming {
  readonly env: string;
  readonly replay: boolean;
  readonly lateAfterMs: number;
}

/** What the first word of an action is about. Closed, because every value of a label is a stream. */
const CATEGORIES: Readonly<Record<string, string>> = {
  llm: 'llm',
  mcp: 'mcp',
  tool: 'tool',
  shell: 'tool',
  file: 'tool',
  network: 'tool',
  permission: 'control',
  approval: 'control',
  guardrail: 'control',
  budget: 'control',
  ratelimit: 'control',
  session: 'session',
  conversation: 'session',
  auth: 'identity',
  user: 'identity',
  role: 'identity',
  key: 'identity',
  config: 'admin',
  review: 'admin',
  data: 'data',
  audit: 'audit',
  attribution: 'audit',
  content: 'audit',
  hold: 'audit',
  retention: 'audit',
  erasure: 'audit',
  ledger: 'audit',
  finding: 'audit',
};
const CATEGORY = new Map(
  Object.keys(ACTIONS).map((action) => [action, CATEGORIES[action.slice(0, action.indexOf('.'))] ?? 'other']),
);
const SURFACES = new Set(['web', 'desktop', 'cli', 'ide', 'api', 'admin']);
const OUTCOMES = new Set(['success', 'failure', 'denied']);

const HOUR = 3_600_000_000;

/**
 * Five labels, all of closed sets; everything else is structured metadata or in the line.
 *
 * What is replayed or late has streams of its own, one for each hour it happened in, and carries surface and outcome
 * as metadata instead: Loki turns down what is over an hour older than the newest entry of its stream, so within an
 * hour no order can be wrong, and nothing old stands in the way of what is new.
 */
export function streamsOf<E>(
  batch: Batch,
  streaming: Streaming,
  entryOf: (event: AuditEvent, replayed: boolean) => E,
): readonly Stream<E>[] {
  const streams = new Map<string, { labels: Labels; entries: Placed<E>[]; replayed: boolean }>();
  for (const event of batch) {
    const category = CATEGORY.get(event.action) ?? 'other';
    const replayed = streaming.replay || isLate(event, streaming.lateAfterMs);
    const surface = SURFACES.has(event.surface) ? event.surface : 'unknown';
    const outcome = OUTCOMES.has(event.outcome) ? event.outcome : 'unknown';
    const { occurred_at } = event;
    const key = replayed ? `${category} ${Math.floor(occurred_at / HOUR)}` : `${category} ${surface} ${outcome}`;
    const placed = { occurred_at, entry: entryOf(event, replayed) };
    const stream = streams.get(key);
    if (stream !== undefined) stream.entries.push(placed);
    else {
      const common = { service_name: 'trailhouse', env: streaming.env, event_category: category };
      const labels = replayed
        ? { ...common, replay: '1', occurred_hour: hourOf(event) }
        : { ...common, surface, outcome };
      streams.set(key, { labels, entries: [placed], replayed });
    }
  }
  for (const { entries } of streams.values()) entries.sort((a, b) => a.occurred_at - b.occurred_at);
  return [...streams.values()];
}

/**
 * By the event's own columns, never by the time of sending: an attempt an hour later must meet the same stream, or
 * Loki would hold the event twice.
 */
const isLate = (event: AuditEvent, afterMs: number): boolean => event.ingested_at - event.occurred_at > afterMs * 1000;

/** Such as 2026-06-15T12, in UTC. */
const hourOf = (event: AuditEvent): string =>
  new Date(Math.floor(event.occurred_at / 1000)).toISOString().slice(0, -':00:00.000Z'.length);
