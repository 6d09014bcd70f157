import type { Random } from '../../../services/processes/demo/random.ts';
import { isRaw, raw } from './raw.ts';

/** A place in a message: the steps to it and what stands there. */
export interface Spot {
  readonly path: readonly string[];
  readonly was: unknown;
}

export function spotsIn(value: unknown, path: readonly string[] = []): readonly Spot[] {
  const here = { path, was: value };
  if (typeof value !== 'object' || value === null) return [here];
  return [here, ...Object.entries(value).flatMap(([name, child]) => spotsIn(child, [...path, name]))];
}

/** Puts what `put` makes of the old value at a path; undefined takes the field out. */
export function replaced(value: unknown, [name, ...below]: readonly string[], put: (was: unknown) => unknown): unknown {
  if (name === undefined) return put(value);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, child]): [string, unknown] => [
    key,
    key === name ? replaced(child, below, put) : child,
  ]);
  return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}

const OTHERS: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, -0, 1e308, 5e-324, 2 ** 31, 2 ** 53, -(2 ** 63), 253_402_300_800_000],
  ...[
    '',
    ' ',
    '0',
    '1',
    '-1',
    'true',
    'null',
    'NaN',
    '1e5',
    '0x10',
    'constructor',
    '__proto__',
    '2026-02-30T25:61:61Z',
  ],
  ...['1970-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999Z', '2026-01-05T10:00:00+14:00', '💥'.repeat(40)],
  ...[[], {}, [null], [[]], [{}], { '': null }, { a: { b: [{ c: 1 }] } }, ['x', 1, null, {}]],
];

/** JSON has them, or something like it does; no JavaScript value is written so. */
const RAW: readonly string[] = [
  ...['1e999', '-1e999', '1e-999', '-0', '00', '01', '.5', '1.', '+1', 'NaN', 'Infinity', 'undefined', "'x'", ''],
  ...[`1${'0'.repeat(400)}`, `0.${'0'.repeat(400)}1`, '9223372036854775807', '9223372036854775808', '1E+2'],
  ...['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"a\\u0000b"', '"\\x41"', '"\n"', '"\u2028"', '{"a":1,}', '[1,]'],
  ...['{"a":1}/**/', '{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{}}}', '{"\\u0000":1}', '{"a":1'],
];

const NAMES: readonly string[] = [
  '',
  '__proto__',
  'constructor',
  'toString',
  'length',
  '0',
  'a\u0000b',
  '\ud800',
  ' time',
];

/** What may happen to a value, by the name it stands under. */
type Change = (was: unknown, name: string, dice: Random) => unknown;

const CHANGES: readonly Change[] = [
  (_, __, dice) => dice.pick(OTHERS),
  (_, __, dice) => raw(dice.pick(RAW)),
  () => undefined,
  (was) => [was],
  (was) => (Array.isArray(was) ? was[0] : { value: was }),
  (was) => (typeof was === 'object' ? JSON.stringify(was) : [was, was]),
  (was, _, dice) => Array.from({ length: dice.integer(0, 40) }, () => was),
  (was, name, dice) =>
    raw(`${JSON.stringify(was) ?? 'null'},${JSON.stringify(name)}:${JSON.stringify(dice.pick(OTHERS))}`),
  (_, __, dice) => raw(nested(dice.pick([10, 64, 65, 200, 3_000, 20_000]), dice.pick(['[', '{"a":']), dice)),
  (was, _, dice) => (typeof was === 'string' ? spoilt(was, dice) : dice.pick(OTHERS)),
  (was, _, dice) => (typeof was === 'number' ? dice.pick([2, -1, 1e6, 1e-6]) * was : dice.pick(OTHERS)),
  (was, _, dice) => (typeof was === 'string' ? was.repeat(dice.pick([2, 50, 2_000])) : dice.pick(OTHERS)),
  (was, _, dice) => renamed(was, dice),
  (was, _, dice) => (isObject(was) ? { ...was, [dice.pick(NAMES)]: dice.pick(OTHERS) } : { [dice.pick(NAMES)]: was }),
];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Sometimes closed, sometimes cut. */
function nested(depth: number, open: string, dice: Random): string {
  const close = dice.integer(0, 4) === 0 ? '' : (open === '[' ? ']' : '}').repeat(depth);
  return `${open.repeat(depth)}1${close}`;
}

const PARTS: readonly string[] = [
  '\u0000',
  '\ud800',
  '\udfff',
  '\u202e',
  '\u001b[31m',
  '\ufeff',
  '\u0301',
  '"',
  '\\',
  '\n',
  '👩‍👩‍👧',
  '%',
  "'",
];

function spoilt(text: string, dice: Random): string {
  const at = dice.integer(0, text.length);
  return `${text.slice(0, at)}${dice.pick(PARTS)}${text.slice(at + dice.integer(0, 2))}`;
}

/** One key of an object under another name. */
function renamed(was: unknown, dice: Random): unknown {
  if (!isObject(was) || Object.keys(was).length === 0) return dice.pick(OTHERS);
  const key = dice.pick(Object.keys(was));
  const other = dice.pick([...NAMES, key.toUpperCase(), `${key}s`, key.slice(1)]);
  return Object.fromEntries(Object.entries(was).map(([name, value]) => [name === key ? other : name, value]));
}

/** A message with one value changed. */
export function reshaped(wire: unknown, dice: Random): unknown {
  const spots = spotsIn(wire).filter(({ was }) => !isRaw(was));
  if (spots.length === 0) return wire;
  const { path } = dice.pick(spots);
  const change = dice.pick(CHANGES);
  return replaced(wire, path, (was) => change(was, path.at(-1) ?? '', dice));
}
