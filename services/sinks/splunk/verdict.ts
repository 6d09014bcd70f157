import type { Delivery, Level } from '../../core/sink.ts';
import { meaningOf, type Reply } from './answers.ts';
import type { Channel } from './channel.ts';
import type { AckLevel } from './level.ts';
import type { Node } from './nodes.ts';

/** The exchange a reply belongs to. */
export interface Exchange {
  readonly events: number;
  readonly level: AckLevel;
  readonly node: Node;
  readonly channel: Channel | undefined;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** What became of the batch, once the indexer has confirmed what HEC took. */
export async function verdictOf(reply: Reply, exchange: Exchange): Promise<Delivery> {
  const { level, node, channel, now } = exchange;
  const meaning = meaningOf(reply);
  if (reply.ackId !== undefined) level.sawAckId();

  switch (meaning.kind) {
    case 'taken':
      return taken(reply, exchange);
    case 'size':
      return { kind: 'refused', reason: meaning.reason };
    case 'event':
      return atFault(reply, meaning.reason, exchange);
    case 'index':
      return wrongIndex(reply, meaning.reason, exchange);
    case 'setup':
      return { kind: 'parked', reason: meaning.reason };
    case 'channel_missing':
      return level.sawChannelMissing(channel !== undefined)
        ? { kind: 'retry', reason: `${meaning.reason}; goes on with one` }
        : { kind: 'parked', reason: `${meaning.reason}${channel === undefined ? ADVICE : ''}` };
    case 'channel_invalid':
      channel?.leave();
      return { kind: 'retry', reason: `${meaning.reason}; goes on with a new one` };
    case 'ack_disabled':
      return level.sawDisabled()
        ? { kind: 'retry', reason: `${meaning.reason}; goes on without` }
        : { kind: 'parked', reason: meaning.reason };
    case 'elsewhere':
      node.rest(now);
      return { kind: 'retry', reason: meaning.reason, afterMs: reply.afterMs };
    case 'later':
      return { kind: 'retry', reason: meaning.reason, afterMs: reply.afterMs };
  }
}

const ADVICE = ': the token has acknowledgement on, set ack to auto or on';

/** Whether what HEC took is also known to be kept. */
type Certainty =
  | { readonly kind: 'sure'; readonly level: Level }
  | { readonly kind: 'unconfirmed'; readonly reason: string }
  /** There is nothing to wait for, and HEC's word alone is not enough. */
  | { readonly kind: 'no_ack_id' };

async function certainty({ ackId }: Reply, { level, channel, signal }: Exchange): Promise<Certainty> {
  if (ackId === undefined || channel === undefined)
    return level.acceptedIsEnough ? { kind: 'sure', level: 'accepted' } : { kind: 'no_ack_id' };
  const answer = await channel.confirm(ackId, signal);
  return answer.kind === 'indexed' ? { kind: 'sure', level: 'indexed' } : answer;
}

async function taken(reply: Reply, exchange: Exchange): Promise<Delivery> {
  if (reply.ackId === undefined) exchange.level.sawNone();
  const certain = await certainty(reply, exchange);
  switch (certain.kind) {
    case 'sure':
      return { kind: 'delivered', level: certain.level };
    case 'unconfirmed':
      return { kind: 'retry', reason: certain.reason };
    case 'no_ack_id':
      return exchange.level.mode === 'on'
        ? {
            kind: 'parked',
            reason: 'no ackId: enable indexer acknowledgement for the token, or set ack to auto or off',
          }
        : { kind: 'retry', reason: 'no ackId, though the token gave them before' };
  }
}

/** Where nothing vouches for the events before the one at fault, the batch is halved: copies, but no loss. */
async function atFault(reply: Reply, reason: string, exchange: Exchange): Promise<Delivery> {
  const index = reply.taken ?? -1;
  if (exchange.events === 1 || index < 0 || index >= exchange.events) return { kind: 'refused', reason };
  const refused = [{ index, reason }];
  if (index === 0) return { kind: 'partial', refused, resendFrom: 1 };

  const certain = await certainty(reply, exchange);
  switch (certain.kind) {
    case 'sure':
      return { kind: 'partial', refused, resendFrom: index + 1, level: certain.level };
    case 'unconfirmed':
      return { kind: 'retry', reason: `${reason}; events before it ${certain.reason}` };
    case 'no_ack_id':
      return { kind: 'refused', reason };
  }
}

/** Settles what was taken before the event whose index is wrong, so that a lane that probes while parked repeats none. */
async function wrongIndex(reply: Reply, reason: string, exchange: Exchange): Promise<Delivery> {
  const resendFrom = reply.taken ?? 0;
  if (resendFrom <= 0 || resendFrom >= exchange.events) return { kind: 'parked', reason };
  const certain = await certainty(reply, exchange);
  return certain.kind === 'sure'
    ? { kind: 'partial', refused: [], resendFrom, level: certain.level }
    : { kind: 'parked', reason };
}
