import { around, ENDPOINT, ENVELOPE, GATEWAY, type Hostile, hostile, MCP } from './message.ts';

/** JSON that is none, and JSON that a store cannot hold as it came. */
export function grammar(): readonly Hostile[] {
  return [...malformed(), ...cuts(), ...unkeepable(), ...numbers(), ...keys(), ...depths(), ...sizes()];
}

/** Near JSON: what other parsers and languages write. In place of a value. */
const NEARLY: readonly (readonly [string, string])[] = [
  ['a comma too many in an object', '{"a":1,}'],
  ['a comma too many in an array', '[1,]'],
  ['no comma', '[1 2]'],
  ['a comma alone', '[,]'],
  ['no colon', '{"a" 1}'],
  ['no value', '{"a":}'],
  ['a key without quotes', '{a:1}'],
  ['single quotes', "{'a':1}"],
  ['a number as key', '{1:1}'],
  ['null as key', '{null:1}'],
  ['a comment', '{"a":1/* why */}'],
  ['a line comment', '[1 // why\n]'],
  ['NaN', 'NaN'],
  ['Infinity', '-Infinity'],
  ['undefined', 'undefined'],
  ["Python's None", 'None'],
  ["Python's True", 'True'],
  ['a plus sign', '+1'],
  ['a leading zero', '012'],
  ['a bare point', '.5'],
  ['a point without digits', '1.'],
  ['an exponent without digits', '1e'],
  ['two minus signs', '--1'],
  ['hexadecimal', '0x1F'],
  ['a big integer', '1n'],
  ['a raw line break in a text', '"a\nb"'],
  ['a raw tab in a text', '"a\tb"'],
  ['an escape JSON does not have', '"\\x41"'],
  ['a cut unicode escape', '"\\u00"'],
  ['a unicode escape of no hex', '"\\u00zz"'],
  ['brackets that cross', '[{"a":1]}'],
  ['a bracket too many', '[1]]'],
  ['a form feed for white space', '\f1'],
  ['a no-break space for white space', '\u00a01'],
];

function malformed(): Hostile[] {
  const sound = JSON.stringify(ENVELOPE);
  const whole: readonly (readonly [string, string])[] = [
    ['garbage after the message', `${sound}garbage`],
    ['a comma after the message', `${sound},`],
    ['two messages', `${sound}${sound}`],
    ['two lines of messages', `${sound}\n${sound}`],
    ['garbage before the message', `event: ${sound}`],
    ['an XSSI guard', `)]}'\n${sound}`],
    ['white space alone', ' \r\n\t '],
    ['a bracket', '{'],
    ['a quote', '"'],
    ['a minus sign', '-'],
  ];
  return [
    ...NEARLY.map(([name, raw]) => hostile(ENDPOINT, `JSON: ${name}`, () => around(raw), /^byte \d+: /)),
    ...whole.map(([name, raw]) => hostile(GATEWAY, `JSON: ${name}`, () => raw, /^byte \d+: /)),
  ];
}

/** A sound message, cut off: by a full disk, a proxy's limit, a crash. */
function cuts(): Hostile[] {
  const sound = JSON.stringify({ ...ENVELOPE, content: { text: 'café 😀 "quoted"', number: -1.5e3, flag: true } });
  const bytes = Buffer.from(sound);
  const steps = Array.from({ length: 16 }, (_, index) => Math.floor(((index + 1) * (bytes.length - 1)) / 16));
  return steps.map((at) =>
    hostile(
      ENDPOINT,
      `cut after byte ${at} of ${bytes.length}`,
      () => bytes.subarray(0, at),
      /^byte \d+: (ends too early|is not UTF-8)/,
    ),
  );
}

/** Texts that JSON allows and that columns, Avro readers or receivers do not. */
function unkeepable(): Hostile[] {
  return [
    hostile(ENDPOINT, 'an escaped NUL', () => around('"a\\u0000b"'), /^content: holds a NUL/),
    hostile(ENDPOINT, 'a raw NUL', () => around('"a\0b"'), /^content: holds a NUL/),
    hostile(ENDPOINT, 'a NUL in a key', () => around('{"a\\u0000":1}'), /^content: has a key that holds a NUL/),
    hostile(
      ENDPOINT,
      'a NUL deep down',
      () => around('[{"x":[{"y":"\\u0000"}]}]'),
      /^content\.0\.x\.0\.y: holds a NUL/,
    ),
    hostile(ENDPOINT, 'a NUL in the session', () => JSON.stringify({ ...ENVELOPE, session: 's\0' }), /^session: /),
    hostile(ENDPOINT, 'a high surrogate', () => around('"\\ud800"'), /^content: holds half a surrogate pair/),
    hostile(ENDPOINT, 'a low surrogate', () => around('"x\\udfffx"'), /^content: holds half/),
    hostile(ENDPOINT, 'a pair the wrong way round', () => around('"\\ude00\\ud83d"'), /^content: holds half/),
    hostile(ENDPOINT, 'two high surrogates', () => around('"\\ud83d\\ud83d"'), /^content: holds half/),
    hostile(ENDPOINT, 'a high surrogate before a letter', () => around('"\\ud83dx"'), /^content: holds half/),
    hostile(ENDPOINT, 'a high surrogate before an escape', () => around('"\\ud83d\\n"'), /^content: holds half/),
    hostile(ENDPOINT, 'a surrogate in a key', () => around('{"\\udbff":1}'), /^content: has a key that holds half/),
  ];
}

function numbers(): Hostile[] {
  const past = [
    '9007199254740992',
    '9007199254740993',
    '-9007199254740993',
    '123456789012345678',
    '18446744073709551615',
  ];
  const huge = [
    '1e16',
    '1e308',
    '1e400',
    '-1e999',
    '1E+99',
    '9007199254740993.0',
    `1${'0'.repeat(400)}`,
    `1e${'0'.repeat(2_000)}9`,
  ];
  return [...past, ...huge].flatMap((number) => [
    hostile(ENDPOINT, `the number ${number.slice(0, 24)}`, () => around(number), /^content: is a number/),
    hostile(
      GATEWAY,
      `the number ${number.slice(0, 24)} in an array`,
      () => around(`[0,{"n":${number}}]`),
      /^content\.1\.n: is a number/,
    ),
  ]);
}

function keys(): Hostile[] {
  const twice = JSON.stringify(ENVELOPE).replace('{', '{"outcome":"denied",');
  return [
    hostile(ENDPOINT, '__proto__', () => around('{"__proto__":{"admin":true}}'), /^content\.__proto__: /),
    hostile(ENDPOINT, '__proto__ in escapes', () => around('{"\\u005f_proto\\u005f_":1}'), /^content\.__proto__: /),
    hostile(
      ENDPOINT,
      '__proto__ at the top',
      () => JSON.stringify(ENVELOPE).replace('{', '{"__proto__":{},'),
      /^__proto__: /,
    ),
    hostile(ENDPOINT, '__proto__ in an array', () => around('[[{"__proto__":null}]]'), /^content\.0\.0\.__proto__: /),
    hostile(
      ENDPOINT,
      'constructor and prototype',
      () => around('{"constructor":{"prototype":{"admin":1}}}'),
      /^content\.constructor\.prototype: /,
    ),
    hostile(ENDPOINT, 'an outcome that stands twice', () => twice, /^outcome: stands twice/),
    hostile(
      ENDPOINT,
      'a key that stands twice deep down',
      () => around('{"a":[{"b":1,"c":2,"b":3}]}'),
      /^content\.a\.0\.b: stands twice/,
    ),
    hostile(
      ENDPOINT,
      'a key that stands twice, once in escapes',
      () => around('{"ab":1,"\\u0061b":2}'),
      /^content\.ab: stands twice/,
    ),
    hostile(ENDPOINT, 'an empty key that stands twice', () => around('{"":1,"":2}'), /: stands twice/),
    hostile(GATEWAY, 'a key of 1 MB', () => JSON.stringify({ ['k'.repeat(2 ** 20)]: 1 }), /^message: /),
    hostile(
      GATEWAY,
      '100,000 keys',
      () => JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, key) => [`k${key}`, key]))),
      /^message: /,
    ),
    hostile(
      GATEWAY,
      '100,000 keys and one of them twice',
      () => `{${Array.from({ length: 100_000 }, (_, key) => `"k${key % 99_999}":1`).join()}}`,
      /^k0: stands twice/,
    ),
  ];
}

function depths(): Hostile[] {
  const deep = (open: string, close: string, levels: number) => () =>
    around(`${open.repeat(levels)}1${close.repeat(levels)}`);
  return [65, 10_000, 100_000].flatMap((levels) => [
    hostile(
      ENDPOINT,
      `${levels} arrays in each other`,
      deep('[', ']', levels),
      /^content\.0\..*: stands in more than 64/,
    ),
    hostile(
      ENDPOINT,
      `${levels} objects in each other`,
      deep('{"a":', '}', levels),
      /^content\.a\..*: stands in more than 64/,
    ),
    hostile(MCP, `${levels} arrays that never close`, () => '['.repeat(levels), /: stands in more than 64/),
    hostile(MCP, `${levels} objects that never close`, () => '{"a":'.repeat(levels), /: stands in more than 64/),
  ]);
}

const MEGABYTE = 2 ** 20;

function sizes(): Hostile[] {
  return [
    hostile(ENDPOINT, 'a text of 16 MB', () => around(`"${'x'.repeat(16 * MEGABYTE)}"`), /^message: is \d+ bytes long/),
    hostile(
      ENDPOINT,
      'a sound message and 9 MB of white space',
      () => `${JSON.stringify(ENVELOPE)}${' '.repeat(9 * MEGABYTE)}`,
      /^message: is \d+ bytes long/,
    ),
    hostile(ENDPOINT, '16 MB of NULs', () => Buffer.alloc(16 * MEGABYTE), /^message: is \d+ bytes long/),
    hostile(
      ENDPOINT,
      '4 million zeros in an array that never closes',
      () => `[${'0,'.repeat(4_000_000)}`,
      /^byte 8000001: /,
    ),
    hostile(ENDPOINT, 'a text of 8 MB that never closes', () => `"${'x'.repeat(8 * MEGABYTE - 1)}`, /^byte 8388608: /),
  ];
}
