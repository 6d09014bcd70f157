import { z } from 'zod';
import { defineFormat, type Part } from '../../core/format.ts';
import { type Fields, flat } from '../flat.ts';
import { instantOf } from '../instant.ts';
import { unchanged } from '../whole.ts';
import { claimsOf } from './actor.ts';
import { actOf } from './acts.ts';
import { leaves } from './leaves.ts';
import { outcomeOf } from './outcome.ts';

/**
 * Audit lines of Anthropic's Claude apps gateway, which it writes to stderr
 * (https://code.claude.com/docs/en/claude-apps-gateway-deploy#logs), a JSON object a message. The page names the events
 * and not all of their fields: only the two that every line has are checked.
 */
export const claudeAppsGateway = defineFormat({
  name: 'claude-apps-gateway',
  encodings: ['json'],
  leaves,
  detect: (message) => mark.safeParse(message).success,
  schema: unchanged<Fields>(() => line),
  map: (fields) => [partOf(fields)],
});

const line = z.looseObject({ ts: z.string('is no text'), evt: z.string('is no text').min(1, 'is empty') });

/** An envelope may look like a line otherwise. */
const mark = z.object({ ts: z.string(), evt: z.string(), trailhouse: z.undefined().optional() });

/** A reason that is a word of the gateway's, and no sentence. */
const WORD = /^[a-z][a-z0-9_.-]{0,63}$/;

function partOf(fields: Fields): Part {
  const read = flat(fields);
  const occurred = instantOf(read.word('ts') ?? '');
  if (occurred?.exact === true) read.take('ts');
  const evt = read.word('evt') ?? '';
  const outcome = outcomeOf(evt, read);

  return {
    columns: {
      product: 'claude-apps-gateway',
      occurred_at: occurred?.micros,
      action: actOf(evt, read),
      outcome,
      claims: claimsOf(evt, outcome, read),
      request_id: read.text('request_id'),
      model_requested: read.text('model'),
      provider: read.text('upstream'),
      latency_ms: read.measure('ms'),
      status_code: read.count('status'),
      error_type: WORD.test(read.word('reason') ?? '') ? read.text('reason') : undefined,
      error_message: read.text('err'),
      client_address: read.text('client_ip'),
      target: read.text('path'),
      personal_attributes: {},
    },
    from: read.rest(),
  };
}
