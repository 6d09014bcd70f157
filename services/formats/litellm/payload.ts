import { z } from 'zod';
import { isObject } from '../reading.ts';
import { unchanged } from '../whole.ts';

/** What every payload has. The rest changed over the years and may be missing, null or of another kind. */
const payload = z.looseObject({ id: z.string().min(1), call_type: z.string() });

const batch = z.array(payload);

export type Payload = z.output<typeof payload>;

export const message = unchanged<Payload | Payload[]>((candidate) => (Array.isArray(candidate) ? batch : payload));

/** Whether the schema takes a message: one payload, as nearly all are. */
export const isSurely = (candidate: unknown): candidate is Payload =>
  isObject(candidate) &&
  typeof candidate.id === 'string' &&
  candidate.id !== '' &&
  typeof candidate.call_type === 'string';

/** Rows of LiteLLM's spend logs have a `request_id` instead of an `id`; audit rows of gateways have no call type. */
export function isPayload(candidate: unknown): boolean {
  if (!isObject(candidate) || Object.hasOwn(candidate, 'trailhouse')) return false;
  const { id, call_type } = candidate;
  return (
    typeof id === 'string' && typeof call_type === 'string' && MARKS.some((name) => Object.hasOwn(candidate, name))
  );
}

/** LiteLLM's spelling, in every version. */
const MARKS = ['startTime', 'response_cost', 'hidden_params', 'model_map_information'];
