import type { Mapped, Part } from '../../core/format.ts';
import type { Guardrail } from '../../core/records.generated.ts';
import { isObject, type Reading, reading } from '../reading.ts';
import { microsOf } from './times.ts';
import { recordOf } from './verdict.ts';

/** One run of a guardrail: its record, and what LiteLLM logged about it. */
export interface Run {
  readonly guardrail: Guardrail;
  readonly logged: Readonly<Record<string, unknown>>;
  /** Position among the payload's runs. */
  readonly index: number;
  /** Whether it stepped in. */
  readonly fired: boolean;
}

/** What a call and the guardrails that stepped into it have in common. */
export type Shared = Omit<Mapped, 'action' | 'outcome'>;

const PLACES = [['guardrail_information'], ['metadata', 'guardrail_information']] as const;

/** The guardrails that ran, in order. Older versions log a single one without a list, or inside `metadata` only. */
export function runsOf(read: Reading): readonly Run[] {
  const [, runs] = find(read);
  if (runs.length === 0) return [];
  const failed = read.word('status') === 'failure';
  return runs.map((logged, index) => {
    const guardrail = recordOf(reading(logged), failed);
    return { guardrail, logged, index, fired: ['flag', 'block', 'mask'].includes(guardrail.verdict) };
  });
}

function find(read: Reading): readonly [readonly string[], readonly Readonly<Record<string, unknown>>[]] {
  for (const place of PLACES) {
    const logged = read.peek(...place);
    if (logged === undefined) continue;
    const runs = [logged].flat().filter(isObject);
    if (runs.length > 0) return [place, runs];
  }
  return [PLACES[0], []];
}

/** What no column holds and no other event of the payload takes with it. */
export function leftOf(read: Reading, runs: readonly Run[]): Pick<Part, 'from' | 'taken'> {
  if (!runs.some((run) => run.fired)) return read.left();
  const fired = runs.filter((run) => run.fired).map(({ logged }) => logged);
  const [place] = find(read);
  const left = [read.peek(...place)].flat().filter((logged) => !isObject(logged) || !fired.includes(logged));
  read.take(...place);
  const rest = read.rest();
  return { from: isObject(rest) ? { ...rest, guardrail_information: left } : rest };
}

/**
 * The event of a guardrail that stepped into a call. Its id is derived: the call's own would make it look like a second
 * copy of the call. Tokens, cost and errors stay with the call, so that they are counted once.
 */
export function firedPart(
  { guardrail, logged, index }: Run,
  shared: Shared,
  id: string,
  called: number | undefined,
): Part {
  const seconds = reading(logged).number('duration');
  return {
    columns: {
      ...shared,
      action: 'guardrail.fired',
      outcome: guardrail.verdict === 'block' ? 'denied' : 'success',
      source_event_id: `${id}/guardrail/${index}`,
      occurred_at: microsOf(logged.start_time) ?? called,
      latency_ms: seconds === undefined ? undefined : seconds * 1000,
      policy: guardrail.name,
      guardrails: [guardrail],
    },
    from: { guardrail_information: [logged] },
  };
}
