import { defineFormat } from '../../core/format.ts';
import { reading } from '../reading.ts';
import { type Entry, isEntry, message } from './entry.ts';
import { eventsOf } from './events.ts';
import { outcomeOf } from './http.ts';
import { leaves } from './leaves.ts';

/**
 * Log entries of Kong Gateway with its AI plugins (https://developer.konghq.com/ai-gateway/ai-audit-log-reference), as its
 * logging plugins send them: one, or many in an array (http-log with max_batch_size).
 *
 * An entry is an HTTP request. It becomes an event for each call of a model, each JSON-RPC request to an MCP server and each
 * decision of an access rule in it, and one more for each guardrail that stepped in. The first of them carries what is said
 * of the HTTP request itself.
 */
export const kongAi = defineFormat({
  name: 'kong-ai',
  encodings: ['json'],
  leaves,
  detect: (candidate) => (Array.isArray(candidate) ? candidate.some(isEntry) : isEntry(candidate)),
  schema: message,

  map(read) {
    const entries = [read].flat();
    if (entries.every(isForeign)) return { skip: 'ai: no AI plugin took part, and Kong turned nobody away' };
    return entries.flatMap((entry) => eventsOf(reading(entry)));
  },
});

/** Traffic of other services. A message is skipped whole or not at all, so that no entry of a batch is lost. */
function isForeign(entry: Entry): boolean {
  const isTurnedAway = outcomeOf(reading(entry)) === 'denied' && entry.source !== 'upstream';
  return entry.ai == null && !isTurnedAway;
}
