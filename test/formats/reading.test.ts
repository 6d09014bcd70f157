import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reading } from '../../services/formats/reading.ts';

describe('reading', () => {
  test('what is taken and what is left is all there was', () => {
    const message = { a: '1', b: { c: 'x', d: '007', e: ['y'] }, f: 'x', g: '1.50', h: 2.5 };
    const read = reading(message);
    expect([read.count('a'), read.text('b', 'c'), read.count('b', 'd'), read.word('f')]).toEqual([1, 'x', 7, 'x']);
    expect([read.milliseconds('g'), read.milliseconds('h'), read.count('h')]).toEqual([1.5, 2.5, undefined]);
    expect(read.rest()).toEqual({ b: { d: '007', e: ['y'] }, f: 'x', g: '1.50' });
    expect(message.b.c).toBe('x');
  });

  test('knows own leaves only', () => expect(reading({}).peek('constructor', 'name')).toBe(undefined));

  test('a part that is cut out stands where it stood, and only there', () => {
    const read = reading({ list: [{ a: 'x', b: 1 }, { c: 2 }, 'stray'], other: 3 });
    expect(read.text('list', '0', 'a')).toBe('x');
    expect(read.apart('list', '1')).toEqual({ list: [{ c: 2 }] });
    expect(read.apart('list', '0')).toEqual({ list: [{ b: 1 }] });
    expect(read.rest()).toEqual({ list: ['stray'], other: 3 });
  });

  test('what was cut out before is in no later part', () => {
    const read = reading({ plugin: { guard: { a: 1 }, usage: 2 } });
    expect(read.apart('plugin', 'guard')).toEqual({ plugin: { guard: { a: 1 } } });
    expect(read.apart('plugin')).toEqual({ plugin: { usage: 2 } });
    expect(read.rest()).toEqual({});
  });

  test('untouched, the rest is the message', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (message) => {
        expect(reading(message).rest()).toEqual({ ...message });
      }),
    );
  });
});
