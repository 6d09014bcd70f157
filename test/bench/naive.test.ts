import { expect, test } from 'vitest';
import { decodeEvent } from '../../services/codec/event.ts';
import { unframe } from '../../services/codec/wire.ts';
import { settle } from '../../services/processes/ingest/settle.ts';
import { company } from './corpus/company.ts';
import { supply } from './corpus/supply.ts';
import { naiveAround } from './naive/around.ts';
import { rowsOf } from './naive/rows.ts';
import { batches, surroundings, TOKENS } from './surroundings.ts';

const people = company(1_000);
const around = surroundings(people);

/** Salts are drawn or derived, and the commitment holds one; the twin stores its leaf beside, and spells bytes and times as text. */
const APART = ['personal_salt', 'content_commitment', 'leaf'];
const SPELT = ['occurred_at', 'received_at', 'ingested_at', 'retain_until', 'retention_bucket'];

test.each(['W1', 'W4'] as const)('the naive twin makes the same rows of %s', (workload) => {
  const naive = naiveAround(around, TOKENS, () => around.now);
  for (const batch of batches(supply(workload, people).take(400).messages, 500)) {
    const made = settle(batch, around);
    if ('wants' in made) throw new Error('a key was missing');
    const ours = new Map(made.events.map(({ value }) => eventIn(value)).map((event) => [event.origin_offset, event]));
    for (const { value, ...place } of batch.records) {
      const rows = rowsOf(value, place, naive);
      const event = ours.get(place.offset);
      expect(rows.kind).toBe(event === undefined ? 'quarantine' : 'event');
      if (rows.kind !== 'event' || event === undefined) continue;
      expect(plain(rows.event)).toEqual(plain({ ...event }));
      expect(String(rows.event.occurred_at).slice(-6)).toBe(String(event.occurred_at).slice(-6));
    }
  }
});

const eventIn = (value: Uint8Array) => decodeEvent(unframe(value)?.body ?? value);

const plain = (row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(row).filter(([name]) => ![...APART, ...SPELT].includes(name)));
