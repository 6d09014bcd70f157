import { describe, expect, test } from 'vitest';
import type { Batch, Envelope } from '../../../services/core/log.ts';
import { begin, LogReplaced, mark, recognise } from '../../../services/processes/ingest/resume.ts';

const envelope = (offset: number, text = `message ${offset}`): Envelope => ({
  topic: 't',
  partition: 0,
  offset,
  receivedAt: new Date(1_700_000_000_000 + offset),
  key: undefined,
  headers: {},
  value: Buffer.from(text),
});
const batch = (first: number, next: number, records: readonly Envelope[]): Batch => ({
  topic: 't',
  partition: 0,
  first,
  next,
  records,
});
const position = (start: number, committed?: { offset: number; metadata: string }) => ({
  topic: 't',
  partition: 0,
  start,
  end: 100,
  committed,
});
const settled = batch(10, 12, [envelope(10), envelope(11)]);

describe('where to begin', () => {
  test('nothing committed: at the start of the log', () => {
    expect(begin(position(4), 0)).toEqual({ offset: 4, known: undefined });
  });
  test('one record early, to know the log again', () => {
    const beginning = begin(position(0, { offset: 12, metadata: mark(settled, 0) }), 0);
    expect(beginning.offset).toBe(11);
    expect(beginning.known?.offset).toBe(11);
  });
  test('at the offset itself where the log holds nothing just below it', () => {
    const hole = mark(batch(10, 13, settled.records), 0);
    expect(begin(position(0, { offset: 13, metadata: hole }), 0)).toEqual({ offset: 13, known: undefined });
    expect(begin(position(12, { offset: 12, metadata: mark(settled, 0) }), 0).offset).toBe(12);
  });
  test('a new epoch begins at the start of the log, an old one is refused', () => {
    const committed = { offset: 12, metadata: mark(settled, 1) };
    expect(begin(position(3, committed), 2)).toEqual({ offset: 3, known: undefined });
    expect(() => begin(position(3, committed), 0)).toThrow(LogReplaced);
  });
  test("other tools' metadata is no mark", () => {
    expect(begin(position(0, { offset: 7, metadata: 'set by hand' }), 2).offset).toBe(7);
  });
});

describe('the record that was read again', () => {
  const known = begin(position(0, { offset: 12, metadata: mark(settled, 0) }), 0).known;

  test('is dropped when it is the one settled before', () => {
    const again = recognise(batch(11, 14, [envelope(11), envelope(12), envelope(13)]), known);
    expect(again.first).toBe(12);
    expect(again.records.map(({ offset }) => offset)).toEqual([12, 13]);
  });
  test.each([
    ['its text', envelope(11, 'another')],
    ['its time', { ...envelope(11), receivedAt: new Date(0) }],
  ])('stops the lane when %s differs', (_, other) => {
    expect(() => recognise(batch(11, 12, [other]), known)).toThrow(LogReplaced);
  });
  test('may have been compacted away', () => {
    expect(recognise(batch(11, 13, [envelope(12)]), known).records).toHaveLength(1);
  });
});
