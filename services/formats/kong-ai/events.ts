import type { Outcome } from '../../core/event.ts';
import type { Part } from '../../core/format.ts';
import type { Reading } from '../reading.ts';
import type { Act } from './act.ts';
import { callsOf, modelOf } from './calls.ts';
import { type Guard, guardsOf } from './guardrails.ts';
import { httpOf, outcomeOf, type Shared, sharedOf } from './http.ts';
import { mcpActs } from './mcp.ts';

/** The events of an entry. What belongs to none of the others goes with the first, and so does what is said of the request. */
export function eventsOf(read: Reading): readonly Part[] {
  const shared = sharedOf(read);
  const guards = guardsOf(read);
  const [first = bare(read, shared, guards), ...more] = [...mcpActs(read, shared), ...modelActs(read, shared, guards)];
  const fired = guards.filter((guard) => guard.fired).map((guard) => firedAct(read, guard, shared));

  const id = read.text('request', 'id');
  const records = guards.flatMap((guard) => guard.records);
  const columns = { ...first.columns, ...httpOf(read, first.columns), source_event_id: id, guardrails: records };
  // What stands inside another part is cut out before it.
  const parts = [...more, ...fired]
    .toSorted((a, b) => b.place.length - a.place.length)
    .map(({ columns: own, place }): Part => {
      const source_event_id = id === undefined ? undefined : [id, ...place.slice(1)].join('/');
      return { columns: { ...own, source_event_id }, from: read.apart(...place) };
    });
  return [{ columns, from: read.rest() }, ...parts];
}

function modelActs(read: Reading, shared: Shared, guards: readonly Guard[]): readonly Act[] {
  return callsOf(read).map((place, index) => ({
    place,
    columns: {
      ...shared,
      ...modelOf(read, place),
      action: 'llm.request',
      // How the request ended, the caller's own call did; the log does not say it of others.
      outcome: index === 0 ? endOf(read, guards) : 'unknown',
    },
  }));
}

/** A request that no plugin tells more of: a guardrail stopped it before, or somebody was turned away at the door. */
function bare(read: Reading, shared: Shared, guards: readonly Guard[]): Act {
  const ai = read.peek('ai') ?? undefined;
  const action = ai === undefined ? 'activity.other' : read.peek('ai', 'mcp') == null ? 'llm.request' : 'mcp.request';
  return { place: [], columns: { ...shared, action, outcome: endOf(read, guards) } };
}

/** A request that a guardrail blocked may have any status. */
function endOf(read: Reading, guards: readonly Guard[]): Outcome {
  return guards.some(({ blocked }) => blocked) ? 'denied' : outcomeOf(read);
}

/** Tokens and cost stay with the call, so that they are counted once. */
function firedAct(read: Reading, { name, place, records, blocked }: Guard, shared: Shared): Act {
  const reason = ['input_block_reason', 'output_block_reason'].find((key) => read.word(...place, key) !== undefined);
  return {
    place,
    columns: {
      ...shared,
      action: 'guardrail.fired',
      outcome: blocked ? 'denied' : 'success',
      policy: name,
      guardrails: records,
      error_message: reason === undefined ? undefined : read.text(...place, reason),
    },
  };
}
