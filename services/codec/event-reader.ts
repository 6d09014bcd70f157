import type { AuditEvent } from '../core/event.ts';
import type { Guardrail } from '../core/records.generated.ts';
import { Datum } from './datum.ts';
import { Words } from './words.ts';

/** What a reader is shown of a text of the personal part; undefined where it is shown nothing, not even that there is one. */
export type Show = (text: string) => string | undefined;

const NO_SALT = Buffer.alloc(16);

/**
 * Reads events as somebody may see them; nobody is shown the salt. By hand, in the schema's order, because every event passes
 * here on its way to a receiver: its twin in the test is avsc (`decodeEvent`) and what `show` says of each personal text after it.
 * @throws RangeError naming the place when the bytes are no event.
 */
export function openEventReader(show: Show): (bytes: Uint8Array) => AuditEvent {
  const datum = new Datum();
  const words = new Words((text) => text);
  const personal = show('') === undefined ? HIDDEN : shownBy(show);
  return (bytes) => {
    datum.begin(bytes);
    const event = read(datum, words, personal);
    datum.end();
    return event;
  };
}

/** How the personal part is read. */
interface Personal {
  text(datum: Datum): string;
  list(datum: Datum): readonly string[];
  map(datum: Datum): Readonly<Record<string, string>>;
}

const read = (datum: Datum, words: Words, personal: Personal): AuditEvent => ({
  event_id: datum.text(),
  schema_version: datum.long(),
  origin_epoch: datum.long(),
  origin_topic: datum.word(words),
  origin_partition: datum.long(),
  origin_offset: datum.long(),
  origin_ordinal: datum.long(),
  origin_count: datum.long(),
  source_event_id: datum.text(),
  retry_of: datum.text(),
  occurred_at: datum.long(),
  occurred_basis: datum.word(words),
  received_at: datum.long(),
  ingested_at: datum.long(),
  surface: datum.word(words),
  product: datum.word(words),
  product_version: datum.word(words),
  format: datum.word(words),
  action: datum.word(words),
  outcome: datum.word(words),
  severity: datum.word(words),
  actor_kind: datum.word(words),
  actor_basis: datum.word(words),
  actor_confidence: datum.word(words),
  actor_team: datum.word(words),
  actor_project: datum.word(words),
  actor_organisation: datum.word(words),
  agent_name: datum.word(words),
  agent_id: datum.word(words),
  session_id: datum.word(words),
  prompt_id: datum.text(),
  request_id: datum.text(),
  tool_use_id: datum.text(),
  trace_id: datum.text(),
  span_id: datum.text(),
  parent_span_id: datum.text(),
  model_requested: datum.word(words),
  model_served: datum.word(words),
  provider: datum.word(words),
  region: datum.word(words),
  tokens_prompt: datum.isGiven() ? datum.long() : null,
  tokens_completion: datum.isGiven() ? datum.long() : null,
  tokens_cache_read: datum.isGiven() ? datum.long() : null,
  tokens_cache_write: datum.isGiven() ? datum.long() : null,
  cost_micro_usd: datum.isGiven() ? datum.long() : null,
  latency_ms: datum.isGiven() ? datum.double() : null,
  time_to_first_token_ms: datum.isGiven() ? datum.double() : null,
  tool_name: datum.word(words),
  mcp_server: datum.word(words),
  mcp_virtual_server: datum.word(words),
  mcp_method: datum.word(words),
  policy: datum.word(words),
  guardrails: guardrails(datum, words),
  decision: datum.word(words),
  decision_source: datum.word(words),
  status_code: datum.isGiven() ? datum.long() : null,
  error_type: datum.word(words),
  content_commitment: datum.isGiven() ? datum.fixed(32) : null,
  content_bytes: datum.isGiven() ? datum.long() : null,
  data_classes: listOf(datum, words),
  secrets_masked: datum.long(),
  retention_class: datum.word(words),
  retention_bucket: datum.long(),
  retain_until: datum.long(),
  retention_reason: datum.word(words),
  attributes: mapOf(datum, words, words),
  actor_id: personal.text(datum),
  actor_email: personal.text(datum),
  actor_name: personal.text(datum),
  actor_groups: personal.list(datum),
  client_address: personal.text(datum),
  user_agent: personal.text(datum),
  host: personal.text(datum),
  device: personal.text(datum),
  target: personal.text(datum),
  file_paths: personal.list(datum),
  command: personal.text(datum),
  error_message: personal.text(datum),
  personal_attributes: personal.map(datum),
  personal_salt: noSalt(datum),
});

/** Attributes of a source that have its names, which may be any. */
function mapOf(datum: Datum, names: Words, values: Words): Record<string, string> {
  const map: Record<string, string> = {};
  for (let left = datum.block(); left > 0; left = datum.block())
    for (; left > 0; left--) {
      const name = datum.word(names);
      const value = datum.word(values);
      // Assigned, it would be the object's prototype and not a member.
      if (name === '__proto__') Object.defineProperty(map, name, { ...MEMBER, value });
      else map[name] = value;
    }
  return map;
}

const MEMBER = { enumerable: true, configurable: true, writable: true };

function listOf(datum: Datum, words: Words): readonly string[] {
  const list: string[] = [];
  for (let left = datum.block(); left > 0; left = datum.block()) for (; left > 0; left--) list.push(datum.word(words));
  return list;
}

function guardrails(datum: Datum, words: Words): readonly Guardrail[] {
  const list: Guardrail[] = [];
  for (let left = datum.block(); left > 0; left = datum.block())
    for (; left > 0; left--)
      list.push({
        name: datum.word(words),
        provider: datum.word(words),
        phase: datum.word(words),
        mode: datum.word(words),
        verdict: datum.word(words),
        categories: listOf(datum, words),
        masked_count: datum.isGiven() ? datum.long() : null,
      });
  return list;
}

function noSalt(datum: Datum): Uint8Array {
  datum.skip(NO_SALT.length);
  return NO_SALT;
}

/** Names are not shown otherwise: they are the source's, not a person's. */
function shownBy(show: Show): Personal {
  const names = new Words((text) => text);
  const shown = new Words((text) => show(text) ?? '');
  return {
    text: (datum) => datum.word(shown),
    list: (datum) => listOf(datum, shown),
    map: (datum) => mapOf(datum, names, shown),
  };
}

/** Read past all the same: whether the bytes are an event does not depend on who looks. */
const HIDDEN: Personal = {
  text(datum) {
    datum.skipText();
    return '';
  },
  list(datum) {
    for (let left = datum.block(); left > 0; left = datum.block()) for (; left > 0; left--) datum.skipText();
    return [];
  },
  map(datum) {
    for (let left = datum.block(); left > 0; left = datum.block())
      for (; left > 0; left--) {
        datum.skipText();
        datum.skipText();
      }
    return {};
  },
};
