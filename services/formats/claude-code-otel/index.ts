import { z } from 'zod';
import { defineFormat, type Part } from '../../core/format.ts';
import type { LogRecord } from '../../otlp/logs.ts';
import { claimsOf } from './actor.ts';
import { misfits } from './attributes.ts';
import { columnsOf } from './columns.ts';
import { eventNameOf, isClaudeCode } from './event-name.ts';
import { leaves } from './leaves.ts';
import { surfaceOf } from './surface.ts';
import { taking } from './taking.ts';

/** What `services/otlp` read of the bytes; it has checked what a record is. */
const logs = z.object({ records: z.array(z.custom<LogRecord>(isRecord)) });

function isRecord(value: unknown): boolean {
  return (
    isObject(value) && holdsAttributes(value) && ['resource', 'scope'].every((name) => holdsAttributes(value[name]))
  );
}

function holdsAttributes(value: unknown): boolean {
  return isObject(value) && isObject(value.attributes);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/**
 * Claude Code's OpenTelemetry events (https://code.claude.com/docs/en/monitoring-usage), as an OpenTelemetry Collector's
 * Kafka exporter writes them: one message, many records, each of them an event.
 */
export const claudeCodeOtel = defineFormat({
  name: 'claude-code-otel',
  encodings: ['otlp_json', 'otlp_proto'],
  leaves,
  detect: (message) => logs.safeParse(message).data?.records.some(isClaudeCode) ?? false,

  schema: logs.superRefine(({ records }, context) => {
    for (const [index, record] of records.entries())
      for (const { name, reason } of isClaudeCode(record) ? misfits(record.attributes) : [])
        context.addIssue({ code: 'custom', path: ['records', index, 'attributes', name], message: reason });
  }),

  map: ({ records }) => records.map((record) => (isClaudeCode(record) ? own(record) : foreign(record))),
});

function own(record: LogRecord): Part {
  const take = taking(record);
  const name = eventNameOf(record);
  const columns = {
    ...columnsOf(name, take),
    source_event_id: eventIdOf(record),
    surface: surfaceOf(take),
    product: take.text('service.name') ?? 'claude-code',
    product_version: take.text('service.version'),
    occurred_at: take.time() ?? timestampOf(record),
    trace_id: take.field('trace_id'),
    span_id: take.field('span_id'),
    host: take.text('host.name'),
    ...claimsOf(take),
  };
  return { columns, from: take.rest() };
}

/**
 * A record of another service that shares the batch. Its words are not Claude Code's, so nothing is read out of them:
 * all of it is content.
 */
function foreign(record: LogRecord): Part {
  const service = record.resource.attributes['service.name'];
  return {
    columns: {
      action: 'activity.other',
      outcome: 'unknown',
      product: typeof service === 'string' ? service : undefined,
      occurred_at: taking(record).time(),
      claims: { basis: 'none' },
      personal_attributes: {},
    },
    from: { foreign: record },
  };
}

/**
 * `event.sequence` counts from 0 in every process, and a session resumed in another process keeps its id, so the two
 * name an event only together with its time. A record that a collector sends again has the same three.
 */
function eventIdOf({ attributes, time_unix_nano }: LogRecord): string | undefined {
  const parts = [attributes['session.id'], attributes['event.sequence'], time_unix_nano];
  return parts.every((part) => part !== undefined && part !== null && part !== '') ? parts.join('/') : undefined;
}

/** `event.timestamp`, for exporters that leave the record's own time out. */
function timestampOf({ attributes }: LogRecord): number | undefined {
  const timestamp = attributes['event.timestamp'];
  return typeof timestamp === 'string' ? Date.parse(timestamp) * 1000 : undefined;
}
