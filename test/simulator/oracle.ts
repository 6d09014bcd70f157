import { eventId } from '../../services/core/origin.ts';
import type { Exception } from '../../services/core/records.generated.ts';
import type { Value } from './container.ts';
import type { Engine, Row } from './engine.ts';
import { eventsOf, type Raw } from './raw.ts';
import type { Receiver } from './receiver.ts';
import type { Watch } from './watch.ts';

export interface Ended {
  readonly raw: Raw;
  readonly watch: Watch;
  readonly engine: Engine;
  readonly receivers: ReadonlyMap<string, Receiver>;
  /** Topics whose records have to be stored. */
  readonly archived: readonly string[];
  /** Ends of the partitions of audit.events. */
  readonly ends: readonly number[];
}

/** Whatever of promises 1 to 3 does not hold once everything came to its end, in words. */
export function judge(ended: Ended): readonly string[] {
  const { archived } = ended;
  return [
    ...rows(ended),
    ...(archived.includes('audit.accounting') ? accounts(ended) : []),
    ...(archived.includes('audit.deliveries') ? receipts(ended) : []),
    ...received(ended),
  ];
}

/** Every event, content and quarantined message is stored once, as its first copy; nothing else is. */
function* rows({ raw, watch, engine, archived }: Ended): Generator<string> {
  const wanted = {
    'audit.events': new Set<string>(),
    'audit.content': new Set<string>(),
    'audit.quarantine': new Set<string>(),
  };
  for (const [lineage, messages] of raw.produced)
    for (const [offset, expected] of messages.entries()) {
      if (expected?.outcome === 'quarantined') wanted['audit.quarantine'].add(`${lineage}/${offset}/0`);
      for (const [ordinal, { content }] of eventsOf(expected).entries()) {
        wanted['audit.events'].add(`${lineage}/${offset}/${ordinal}`);
        if (content) wanted['audit.content'].add(`${lineage}/${offset}/${ordinal}`);
      }
    }
  for (const [table, keys] of Object.entries(wanted)) {
    if (!archived.includes(table)) continue;
    const seen = new Set<string>();
    for (const row of engine.rows(table)) {
      const key = keyOf(row);
      if (!keys.has(key)) yield `${table}: ${key} was invented`;
      if (seen.has(key)) yield `${table}: ${key} is there twice`;
      seen.add(key);
      const first = watch.first.get(`${table} ${key}`);
      if (first !== `${row.partition}:${row.offset}`) yield `${table}: ${key} is not its first copy, at ${first}`;
    }
    for (const key of keys) if (!seen.has(key)) yield `${table}: ${key} is lost`;
  }
}

function keyOf({ value }: Row): string {
  const { origin_epoch, origin_topic, origin_partition, origin_offset, origin_ordinal = 0 } = value;
  const id = value.event_id ?? value.quarantine_id;
  const origin = {
    epoch: Number(origin_epoch),
    topic: String(origin_topic),
    partition: Number(origin_partition),
    offset: Number(origin_offset),
    ordinal: Number(origin_ordinal),
  };
  const key = `${origin_epoch}/${origin_topic}/${origin_partition}/${origin_offset}/${origin_ordinal}`;
  return id === eventId(origin) ? key : `${key} with id ${id}`;
}

/** Every raw offset is accounted for once, as what it was; the sums are those of the offsets. */
function* accounts({ raw, engine }: Ended): Generator<string> {
  const stored = engine.rows('audit.accounting').map(({ value }) => value);
  for (const [lineage, messages] of raw.produced) {
    const own = stored.filter((one) => `${one.origin_epoch}/${one.origin_topic}/${one.origin_partition}` === lineage);
    let reached = 0;
    for (const one of own.toSorted((a, b) => Number(a.first) - Number(b.first))) {
      const [first, next] = [Number(one.first), Number(one.next)];
      if (first !== reached) yield `accounts of ${lineage}: one begins at ${first}, the one before ends at ${reached}`;
      reached = next;
      const told = fates(one, first, next, 'accepted');
      const counts: Record<string, number> = { accepted: 0, skipped: 0, quarantined: 0, absent: 0, events: 0 };
      for (let offset = first; offset < next; offset++) {
        const expected = messages[offset];
        const outcome = expected?.outcome ?? 'absent';
        counts[outcome] = (counts[outcome] ?? 0) + 1;
        counts.events = (counts.events ?? 0) + eventsOf(expected).length;
        if (told.get(offset) !== outcome)
          yield `${lineage}/${offset} is ${outcome} and accounted for as ${told.get(offset)}`;
      }
      for (const [name, count] of Object.entries(counts))
        if (one[name] !== count)
          yield `account ${lineage} ${first} to ${next}: ${one[name]} ${name}, there are ${count}`;
    }
    if (reached !== messages.length) yield `accounts of ${lineage} end at ${reached} of ${messages.length}`;
  }
}

/** Every audit offset is receipted once by every lane, and the counts are those of the offsets. */
function* receipts({ engine, receivers, ends }: Ended): Generator<string> {
  for (const sink of receivers.keys())
    for (const [partition, end] of ends.entries()) {
      const own = engine
        .rows('audit.deliveries')
        .map(({ value }) => value)
        .filter(
          (one) => one.sink === sink && one.audit_partition === partition && Number(one.next) > Number(one.first),
        );
      let reached = 0;
      for (const one of own.toSorted((a, b) => Number(a.first) - Number(b.first))) {
        const [first, next] = [Number(one.first), Number(one.next)];
        if (first !== reached) yield `receipts of ${sink}/${partition}: one begins at ${first}, after ${reached}`;
        reached = next;
        const told = [...fates(one, first, next, 'delivered').values()];
        for (const name of ['delivered', 'buried', 'filtered', 'diverted', 'uncertain', 'redelivered', 'absent'])
          if (one[name] !== told.filter((outcome) => outcome === name).length)
            yield `receipt ${sink}/${partition} ${first} to ${next}: ${name} is ${one[name]}`;
      }
      if (reached !== end) yield `receipts of ${sink}/${partition} end at ${reached} of ${end}`;
    }
}

/** How each offset of a range ended, as an account or a receipt says. */
function fates({ exceptions }: Value, first: number, next: number, otherwise: string): ReadonlyMap<number, string> {
  const listed: readonly Pick<Exception, 'offset' | 'count' | 'outcome'>[] = Array.isArray(exceptions)
    ? exceptions
    : [];
  const told = new Map<number, string>();
  for (let offset = first; offset < next; offset++) told.set(offset, otherwise);
  for (const { offset, count, outcome } of listed)
    for (let at = offset; at < offset + count; at++) told.set(at, outcome);
  return told;
}

/** Receivers hold no event but first copies, and none that was filtered. */
function* received({ watch, receivers }: Ended): Generator<string> {
  const firsts = new Map(
    [...watch.copies.values()].filter(({ isFirst }) => isFirst).map(({ event }) => [event.event_id, event]),
  );
  for (const { name, held } of receivers.values())
    for (const [id, times] of held) {
      const first = firsts.get(id);
      if (first === undefined) yield `${name} holds ${id}, which nobody made`;
      else if (first.outcome === 'denied') yield `${name} holds ${id}, which its filter leaves out`;
      else if (times.some((time) => time !== first.ingested_at))
        yield `${name} holds another copy of ${id} than the store`;
    }
}
