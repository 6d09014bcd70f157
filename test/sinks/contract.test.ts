import { describe, expect, test } from 'vitest';
import { sinks } from '../../services/sinks/index.ts';
import { full } from '../support/full-event.ts';
import { hostile } from './hostile.ts';
import { marked, plain } from './marks.ts';
import { wires } from './wires.ts';

test('every kind of receiver is here', () => {
  expect(wires.map(({ kind }) => kind)).toEqual(sinks);
});

describe.each(wires.map((wire) => ({ name: wire.kind.name, ...wire })))('$name', ({ kind, always, send }) => {
  const columns = marked();
  const names = new Map<string, string>(
    Object.entries(kind.dialect).flatMap(([column, name]) => (typeof name === 'string' ? [[column, name]] : [])),
  );
  const now = new Date(full.occurred_at / 1000);

  test('has a dialect that speaks of every column, and calls no two alike', () => {
    expect(Object.keys(kind.dialect).sort()).toEqual(columns.map(({ column }) => column).sort());
    expect(new Set(names.values()).size).toBe(names.size);
  });

  test('sends each column, but for those its dialect calls lost', async () => {
    const nothing = read((await send([plain()])).events);
    for (const { column, event, marks } of columns) {
      const something = read((await send([event])).events);
      for (const mark of marks) {
        expect(nothing, column).not.toContain(mark);
        expect(something.includes(mark), `${column}: ${mark}`).toBe(names.has(column));
      }
    }
  });

  test('sends each column where its dialect says', async () => {
    const paths = pathsIn((await send([full], { now })).events[0]);
    const missing = [...names].filter(([, name]) => !paths.some((path) => isAt(path, name)));
    expect(missing).toEqual([]);
  });

  test('leaves no trace of an empty column', async () => {
    const paths = pathsIn((await send([plain()])).events[0]);
    const empty = Object.entries(plain()).flatMap(([column, value]) =>
      isEmpty(value) ? [names.get(column) ?? ''] : [],
    );
    const left = empty.filter((name) => !always.includes(name) && paths.some((path) => isAt(path, name)));
    expect(empty.length).toBeGreaterThan(40);
    expect(left).toEqual([]);
  });

  test('never sends the salt', async () => {
    const text = JSON.stringify((await send([full], { now })).events);
    const salt = Buffer.from(full.personal_salt);
    expect(text).not.toContain('personal_salt');
    for (const written of [`${salt}`, salt.toString('hex'), salt.toString('base64'), [...salt].join()])
      expect(text).not.toContain(written);
  });

  test('sends every event once, with its id', async () => {
    const ids = [1, 2, 3].map((n) => `00a1b200-0000-8000-8000-00000000000${n}`);
    const { answer, events } = await send(ids.map((event_id) => plain({ event_id })));
    expect(answer.kind).toBe('delivered');
    expect(events.map((one) => ids.filter((id) => JSON.stringify(one).includes(id)))).toEqual(ids.map((id) => [id]));
  });

  test('says so where events are sent again', async () => {
    expect(read((await send([plain()])).events)).not.toContain('replay');
    expect(read((await send([plain()], { replay: true })).events)).toContain('replay');
  });

  test('sends nothing once its signal aborted', async () => {
    const { answer, events } = await send([plain()], { signal: AbortSignal.abort() });
    expect(['threw', 'retry']).toContain(answer.kind);
    expect(events).toEqual([]);
  });

  test.each(hostile)('takes %s', async (_, given) => {
    const event = plain(given);
    const { answer, requests, events } = await send([event]);
    if (answer.kind === 'threw') throw answer.error;
    // The receiver turns down only what breaks its format: what the sink refuses or diverts, it does unsent.
    expect(['delivered', 'refused', 'partial']).toContain(answer.kind);
    const arrived = answer.kind === 'delivered' ? 1 : 0;
    expect({ answer, requests, events: events.length }).toEqual({ answer, requests: arrived, events: arrived });
    if (arrived === 1) expect(JSON.stringify(events)).toContain(event.event_id);
  });

  test('lets a hostile event do no harm to its neighbours', async () => {
    const batch = hostile
      .filter(([, given]) => given.occurred_at === undefined && JSON.stringify(given).length < 10_000)
      .map(([, given], n) => plain({ ...given, event_id: `id ${n};` }));
    const { answer, events } = await send(batch);
    expect(answer.kind).toBe('delivered');
    const arrived = events.map((one) => /id \d+;/.exec(JSON.stringify(one))?.[0]);
    expect(arrived.sort()).toEqual(batch.map(({ event_id }) => event_id).sort());
  });
});

/** As text to look for marks in. Seconds have a point where microseconds have none. */
const read = (events: readonly unknown[]): string => JSON.stringify(events).replaceAll('.', '');

/** The path of every value that is there. */
function pathsIn(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [path];
  return Object.entries(value).flatMap(([name, held]: [string, unknown]) => pathsIn(held, `${path}${name}.`));
}

/** Where receivers have what is the event's own. */
const ROOTS = ['', 'event.', 'line.', 'attributes.'];

/** A dialect may name a second place, say in words what is there, and end with a star for names of the event's own. */
const isAt = (path: string, name: string): boolean =>
  name
    .split(', else ')
    .map((place) => place.replace(/( .*|\.\*)$/, ''))
    .some((place) => ROOTS.some((root) => path.startsWith(`${root}${place}.`)));

const isEmpty = (value: unknown): boolean =>
  value === '' ||
  value === null ||
  (typeof value === 'object' && !(value instanceof Uint8Array) && Object.keys(value).length === 0);
