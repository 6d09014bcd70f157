import { decodeEvent, encodeEvent } from '../../../services/codec/event.ts';
import { accounting, content, quarantine, rawMessage } from '../../../services/codec/records.ts';
import { unframe } from '../../../services/codec/wire.ts';
import { readCarriage } from '../../../services/core/carriage.ts';
import type { Batch, Outgoing } from '../../../services/core/log.ts';
import { unseal } from '../../../services/privacy/seal.ts';
import { type Settlement, type Surroundings, settle } from '../../../services/processes/ingest/settle.ts';
import { openSearch } from '../../support/canary/needles.ts';
import type { Input } from './inputs.ts';

/** How messages ended, and what is wrong with how. */
export interface Ended {
  readonly accepted: number;
  readonly skipped: number;
  readonly quarantined: number;
  readonly events: number;
  readonly faults: readonly string[];
}

/** Settles messages of one topic as one batch and looks at everything that comes of it. */
export function ended(inputs: readonly Input[], around: Omit<Surroundings, 'broken'>): Ended {
  const faults: string[] = [];
  const topic = around.binding.topic;
  const records = inputs.map(({ value }, offset) => ({
    ...{ topic, partition: 0, offset, receivedAt: around.now, key: undefined, headers: {}, value },
  }));
  const batch = { topic, partition: 0, first: 0, next: inputs.length, records };
  const told = (words: string) => faults.push(`${topic}: ${words}`);
  const made = settled(batch, { ...around, broken: (format, error) => told(`${format} threw ${error}`) });
  if (typeof made === 'string') {
    told(made);
    return { accepted: 0, skipped: 0, quarantined: 0, events: 0, faults };
  }
  const { accepted, skipped, quarantined, absent, events } = made.counts;
  if (accepted + skipped + quarantined !== inputs.length || absent > 0) told('an offset did not end once');
  if (made.events.length !== events) told(`${made.events.length} of ${events} events`);
  for (const fault of [...eventFaults(made), ...contentFaults(made), ...keptFaults(made, inputs, around)]) told(fault);
  for (const fault of [...accountFaults(made), ...leaks(made, inputs)]) told(fault);
  return { accepted, skipped, quarantined, events, faults };
}

function settled(batch: Batch, around: Surroundings): Settlement | string {
  try {
    const made = settle(batch, around);
    return 'wants' in made ? 'wants a key' : made;
  } catch (error) {
    return `settling threw ${error instanceof Error ? `${error.name}: ${error.message}` : 'something'}`;
  }
}

const bodyOf = ({ value }: Outgoing): Uint8Array => unframe(value)?.body ?? new Uint8Array();

/** What is accepted reads back as the bytes and the leaf it was written with. */
function* eventFaults({ events }: Settlement): Generator<string> {
  for (const record of events) {
    const body = bodyOf(record);
    try {
      const again = encodeEvent(decodeEvent(body));
      if (!again.datum.equals(body)) yield 'an event does not read back as it was written';
      if (!again.leaf.equals(record.headers?.leaf ?? new Uint8Array())) yield 'an event has another leaf than it says';
    } catch (error) {
      yield `an event cannot be read back: ${error instanceof Error ? error.name : ''}`;
    }
  }
}

function* contentFaults({ content: blocks }: Settlement): Generator<string> {
  for (const block of blocks) {
    const body = bodyOf(block);
    let from = 0;
    for (const { bytes } of readCarriage(block.headers ?? {})?.entries ?? []) {
      const datum = body.subarray(from, from + bytes);
      from += bytes;
      if (!content.encode(content.decode(datum)).equals(datum)) yield 'content does not read back as it was written';
    }
    if (from !== body.length) yield 'a block of content has another length than its index';
  }
}

/** Quarantined bytes are those that came. */
function* keptFaults(made: Settlement, inputs: readonly Input[], { sealing }: Omit<Surroundings, 'broken'>) {
  for (const record of made.quarantine) {
    const { quarantine_id, origin_offset, sealed } = quarantine.decode(bodyOf(record));
    const opened = unseal(sealing.key, sealed, Buffer.from(quarantine_id));
    const value = opened === undefined ? undefined : rawMessage.decode(opened).value;
    const came = inputs[Number(origin_offset)]?.value;
    if (value === undefined || came?.equals(value) !== true) yield `quarantine of ${origin_offset} holds other bytes`;
  }
}

/** Longest reason that is still one to read. */
const REASON = 1_000;

function* accountFaults({ accounting: record }: Settlement): Generator<string> {
  for (const { outcome, reason } of accounting.decode(bodyOf(record)).exceptions)
    if (outcome !== 'accepted' && (reason.length > REASON || !/^\S.*: \S/s.test(reason)))
      yield `a reason that names no place: ${reason.slice(0, 80)}`;
}

/** Nothing behind ingest holds what was planted, but for what is sealed. */
function* leaks(made: Settlement, inputs: readonly Input[]): Generator<string> {
  const planted = inputs.filter(({ canary }) => canary !== undefined);
  if (planted.length === 0) return;
  const search = openSearch();
  for (const [index, { canary }] of planted.entries())
    for (const piece of canary?.pieces ?? []) search.add(index, piece);
  for (const [where, records] of Object.entries(made)) {
    if (!OUT.has(where)) continue;
    for (const { value, headers = {} } of [records].flat())
      for (const bytes of [value, ...Object.values(headers)])
        for (const { of, form } of search.search(Buffer.from(bytes)))
          yield `input ${planted[of]?.number}: ${planted[of]?.canary?.kind} in ${where} (${form})`;
  }
}

const OUT = new Set(['content', 'events', 'accounting', 'quarantine']);
