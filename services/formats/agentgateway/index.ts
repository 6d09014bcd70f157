import { z } from 'zod';
import { defineFormat, type Part } from '../../core/format.ts';
import { flat } from '../flat.ts';
import { instantOf } from '../instant.ts';
import { claimsOf } from './actor.ts';
import { askedOf, callOf } from './call.ts';
import { clientOf } from './client.ts';
import { endOf, outcomeOf, stopOf } from './end.ts';
import { leaves } from './leaves.ts';
import type { Line } from './line.ts';
import { isMessage, linesOf } from './lines.ts';
import { modelOf } from './model.ts';
import { traceOf } from './trace.ts';

/**
 * The log of agentgateway (https://agentgateway.dev), a line an event: its access log, and what it says about itself. As
 * JSON, one line a message; as text, one or more. Text has values as clients sent them, and a line break in one makes
 * what looks like another line: who called is to be believed from JSON alone.
 */
export const agentgateway = defineFormat({
  name: 'agentgateway',
  encodings: ['text', 'json'],
  leaves,
  detect: isMessage,
  schema: z.unknown().transform(linesOf),
  map: (lines) => lines.map(partOf),
});

function partOf({ fields, attested }: Line): Part {
  const read = flat(fields);
  const occurred = instantOf(read.word('time') ?? '');
  if (occurred?.exact === true) read.take('time');

  return {
    columns: {
      product: 'agentgateway',
      // The line is written when the request has ended; when it began is nowhere.
      occurred_at: occurred?.micros,
      action: stopOf(read) ?? askedOf(read),
      outcome: outcomeOf(read),
      claims: claimsOf(read, attested),
      request_id: read.text('request.id'),
      ...traceOf(read),
      ...callOf(read),
      ...modelOf(read),
      ...endOf(read),
      ...clientOf(read),
      personal_attributes: {},
    },
    from: read.rest(),
  };
}
