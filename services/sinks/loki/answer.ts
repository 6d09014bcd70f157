import type { Delivery } from '../../core/sink.ts';
import { judge, readText } from '../http.ts';

/** Loki's one answer to a push it has stored. */
export const NO_CONTENT = 204;

/** Loki's own status for what it blocked, a success to whoever looks at the hundreds alone. */
const BLOCKED = 260;

/**
 * A phrase of Loki's messages (pkg/validation/validate.go), in lower case because releases differ in it, and the id of
 * the reason in Loki's documentation.
 */
type Named = readonly [phrase: string, id: string];

/** What an operator blocked or a tenant forbids: no event is at fault, and all would be turned down. */
const SETUP: readonly Named[] = [
  ['ingestion blocked', 'blocked_ingestion'],
  ['but this feature is disallowed', 'disallowed_structured_metadata'],
  ['missing required labels', 'missing_enforced_labels'],
  // The labels hold our words and the configuration's, nothing of an event.
  ['error parsing labels', 'invalid_labels'],
  ['at least one label pair', 'missing_labels'],
  ['label names; limit', 'max_label_names_per_series'],
  ['label name too long', 'label_name_too_long'],
  ['label value too long', 'label_value_too_long'],
  ['duplicate label name', 'duplicate_label_names'],
];
const OLD: readonly Named[] = [['timestamp too old', 'greater_than_max_sample_age']];
/** Of the stream, not of the line: in another stream Loki may take it. */
const BEHIND: readonly Named[] = [
  ['entry too far behind', 'too_far_behind'],
  ['entry out of order', 'out_of_order'],
];
const BYTES: readonly Named[] = [
  ['max entry size', 'line_too_long'],
  ['timestamp too new', 'too_far_in_future'],
  ['structured metadata too large', 'structured_metadata_too_large'],
  ['too many structured metadata labels', 'structured_metadata_too_many'],
];

/** A single line has no place in the stream it was sent to. */
export interface Behind {
  readonly kind: 'behind';
  readonly reason: string;
}

/** What Loki has no place for. */
export const diverted = (reason: string): Delivery => ({
  kind: 'partial',
  refused: [],
  diverted: [{ index: 0, reason }],
});

/**
 * Anything but a delivery. A 400 tells of some lines and may have stored the others, so a batch is halved until the
 * line at fault stands alone; Loki ignores those that come again. A line too old has no place in Loki and is diverted.
 */
export async function judgeRefusal(response: Response, events: number, now: Date): Promise<Delivery | Behind> {
  const { status } = response;
  const said = (await readText(response)).toLowerCase();
  const setup = status === BLOCKED ? 'blocked_ingestion' : idIn(said, SETUP);
  if (setup !== undefined) return { kind: 'parked', reason: `HTTP ${status}: ${setup}` };
  if (status === 400) return judgeLines(said, events);
  if (status === 413) return { kind: 'refused', reason: 'HTTP 413: request_body_too_large' };
  const judged = judge(response, NO_CONTENT, now);
  return judged.kind === 'refused' ? { kind: 'retry', reason: judged.reason } : judged;
}

function judgeLines(said: string, events: number): Delivery | Behind {
  const old = idIn(said, OLD);
  const behind = idIn(said, BEHIND);
  if (events === 1 && old !== undefined) return diverted(`HTTP 400: ${old}`);
  if (events === 1 && behind !== undefined) return { kind: 'behind', reason: `HTTP 400: ${behind}` };
  const fault = old ?? behind ?? idIn(said, BYTES);
  if (fault === undefined) return { kind: 'retry', reason: 'HTTP 400: for a reason not known' };
  return { kind: 'refused', reason: `HTTP 400: ${fault}` };
}

const idIn = (said: string, named: readonly Named[]): string | undefined =>
  named.find(([phrase]) => said.includes(phrase))?.[1];
