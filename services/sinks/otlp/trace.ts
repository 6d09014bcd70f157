import { hash } from 'node:crypto';
import type { AuditEvent } from '../../core/records.generated.ts';
import { isId } from './conventions.ts';

/** Where an event stands among others; the same for the same event however often it is sent. */
export interface Place {
  readonly traceId: string;
  readonly spanId: string;
  readonly parent?: { readonly spanId: string; readonly isRemote: boolean } | undefined;
}

/**
 * The trace is the one the event happened in, else that of its prompt, else of its session, request, or of itself alone.
 * The span id is the event's own: `span_id` names the span it happened in, which its owner exports and which several events
 * share, so it is the parent.
 */
export function placeOf(event: AuditEvent): Place {
  const { trace_id, span_id, parent_span_id, prompt_id, session_id, request_id, event_id } = event;
  const prompt = ['prompt', session_id, prompt_id];
  const isPrompt = prompt_id !== '' && event.action === 'llm.prompt';
  const spanId = isPrompt ? spanIdOf(prompt) : spanIdOf(['event', event_id]);

  if (isId(trace_id, 32)) {
    const within = [span_id, parent_span_id].find((id) => isId(id, 16));
    return { traceId: trace_id, spanId, parent: within === undefined ? undefined : { spanId: within, isRemote: true } };
  }
  if (prompt_id !== '') {
    const parent = isPrompt ? undefined : { spanId: spanIdOf(prompt), isRemote: false };
    return { traceId: traceIdOf(prompt), spanId, parent };
  }
  if (session_id !== '') return { traceId: traceIdOf(['session', session_id]), spanId };
  if (request_id !== '') return { traceId: traceIdOf(['request', request_id]), spanId };
  return { traceId: traceIdOf(['event', event_id]), spanId };
}

const traceIdOf = (parts: readonly string[]): string => digest('trace', parts).slice(0, 32);
const spanIdOf = (parts: readonly string[]): string => digest('span', parts).slice(0, 16);

/** JSON, so that no two lists of parts read alike. */
const digest = (kind: string, parts: readonly string[]): string => hash('sha256', JSON.stringify([kind, ...parts]));
