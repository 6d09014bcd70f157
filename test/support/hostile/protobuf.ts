import { writeProto } from '../../../services/otlp/write.ts';
import { type Hostile, hostile, OTLP_PROTO } from './message.ts';

/** OTLP's binary encoding, broken by hand: the wire types and field numbers are those of opentelemetry-proto's logs. */
export function protobuf(): readonly Hostile[] {
  return [...cuts(), ...wire(), ...nested(), ...strangers()].map(([name, value]) =>
    hostile(OTLP_PROTO, `protobuf: ${name}`, () => value, /^[^:]+: \S/),
  );
}

type Named = readonly [name: string, value: Uint8Array];

/** The same event in the binary encoding. */
export const BINARY_EXPORT = writeProto([
  {
    resource: { attributes: { 'service.name': 'claude-code' } },
    scope: { name: 'com.anthropic.claude_code.events', attributes: {} },
    time_unix_nano: '1767607200000000000',
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    body: 'claude_code.user_prompt',
    attributes: { 'event.name': 'user_prompt', 'session.id': 's-1', prompt_length: 12 },
  },
]);

function cuts(): Named[] {
  const steps = Array.from({ length: 24 }, (_, index) => Math.floor(((index + 1) * (BINARY_EXPORT.length - 1)) / 24));
  return [...new Set([1, 2, 3, ...steps])].map(
    (at): Named => [`cut after byte ${at} of ${BINARY_EXPORT.length}`, BINARY_EXPORT.subarray(0, at)],
  );
}

const [VARINT, FIXED64, LENGTH, START_GROUP, END_GROUP, FIXED32] = [0, 1, 2, 3, 4, 5];
const tag = (field: number, type: number): number => (field << 3) | type;
const bytes = (...all: readonly (number | Uint8Array)[]): Uint8Array =>
  Buffer.concat(all.map((one) => (typeof one === 'number' ? Uint8Array.of(one) : one)));
const holding = (field: number, inner: Uint8Array): Uint8Array =>
  bytes(tag(field, LENGTH), varint(inner.length), inner);

function varint(value: number): Uint8Array {
  const all: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) all.push((rest % 128) + 128);
  return Uint8Array.of(...all, rest);
}

/** An export of one record with these bytes. */
const record = (...inner: readonly Uint8Array[]): Uint8Array => holding(1, holding(2, holding(2, bytes(...inner))));
const CLAUDE_CODE = holding(5, holding(1, Buffer.from('claude_code.user_prompt')));

function wire(): Named[] {
  const attribute = (key: Uint8Array, value: Uint8Array) => holding(6, bytes(holding(1, key), holding(2, value)));
  const invalid = Uint8Array.of(0xc3, 0x28);
  return [
    ['field 0', bytes(tag(0, VARINT), 1)],
    ['wire type 6', bytes(tag(1, 6), 0)],
    ['wire type 7', bytes(tag(1, 7), 0)],
    ['resource logs as a number', bytes(tag(1, VARINT), 1)],
    ['resource logs as 8 bytes', bytes(tag(1, FIXED64), new Uint8Array(8))],
    ['resource logs as 4 bytes', bytes(tag(1, FIXED32), new Uint8Array(4))],
    ['a group', bytes(tag(1, START_GROUP), tag(1, END_GROUP))],
    ['a group that never ends', bytes(tag(1, START_GROUP), 0x08, 0x01)],
    ['the end of no group', bytes(tag(1, END_GROUP))],
    ['10,000 groups in each other', bytes(new Uint8Array(10_000).fill(tag(9, START_GROUP)))],
    ['a length past the end', bytes(tag(1, LENGTH), 0x7f, 0x00)],
    ['a length of 2 GB', bytes(tag(1, LENGTH), Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x07))],
    ['a length of 4 GB', bytes(tag(1, LENGTH), Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f))],
    ['a length below zero', bytes(tag(1, LENGTH), new Uint8Array(9).fill(0xff), 0x01)],
    ['a varint without end', bytes(tag(1, LENGTH), new Uint8Array(64).fill(0xff))],
    ['a tag of eleven bytes', new Uint8Array(11).fill(0x8a)],
    ['a record longer than its scope', holding(1, holding(2, bytes(tag(2, LENGTH), 0x40)))],
    ['a time as varint', record(CLAUDE_CODE, bytes(tag(1, VARINT), 5))],
    ['a severity as text', record(CLAUDE_CODE, holding(2, Buffer.from('INFO')))],
    ['a severity text that is no UTF-8', record(CLAUDE_CODE, holding(3, invalid))],
    ['a trace id of 3 bytes', record(CLAUDE_CODE, holding(9, Uint8Array.of(1, 2, 3)))],
    ['a span id of 16 bytes', record(CLAUDE_CODE, holding(10, new Uint8Array(16).fill(7)))],
    ['two bodies', record(CLAUDE_CODE, CLAUDE_CODE)],
    [
      'an attribute twice',
      record(CLAUDE_CODE, attribute(Buffer.from('a'), new Uint8Array()), attribute(Buffer.from('a'), new Uint8Array())),
    ],
    ['a key that is no UTF-8', record(CLAUDE_CODE, attribute(invalid, new Uint8Array()))],
    ['a text that is no UTF-8', record(CLAUDE_CODE, attribute(Buffer.from('a'), holding(1, invalid)))],
    ['a text that holds a NUL', record(CLAUDE_CODE, attribute(Buffer.from('a'), holding(1, Buffer.from('x\0'))))],
    ['a key named __proto__', record(CLAUDE_CODE, attribute(Buffer.from('__proto__'), new Uint8Array()))],
    [
      'a double that is not a number',
      record(
        CLAUDE_CODE,
        attribute(Buffer.from('a'), bytes(tag(4, FIXED64), Uint8Array.of(0, 0, 0, 0, 0, 0, 0xf8, 0x7f))),
      ),
    ],
    [
      'a double past all numbers',
      record(
        CLAUDE_CODE,
        attribute(Buffer.from('a'), bytes(tag(4, FIXED64), Uint8Array.of(0, 0, 0, 0, 0, 0, 0xf0, 0x7f))),
      ),
    ],
    [
      'two values in one',
      record(CLAUDE_CODE, attribute(Buffer.from('a'), bytes(tag(2, VARINT), 1, tag(3, VARINT), 1))),
    ],
    [
      'a value of a kind that is not known',
      record(CLAUDE_CODE, attribute(Buffer.from('a'), bytes(tag(15, VARINT), 1))),
    ],
  ];
}

function nested(): Named[] {
  const lists = (levels: number): Uint8Array =>
    Array.from({ length: levels }).reduce<Uint8Array>(
      (inner) => holding(5, holding(1, inner)),
      bytes(tag(3, VARINT), 1),
    );
  return [65, 1_000, 5_000].map(
    (levels): Named => [`${levels} lists in each other`, record(holding(5, lists(levels)))],
  );
}

/** Sound bytes of something else. */
function strangers(): Named[] {
  return [
    ['nothing at all', new Uint8Array()],
    ['an export without records', holding(1, new Uint8Array())],
    ['a scope without records', holding(1, holding(2, new Uint8Array()))],
    ['a record of nobody', record(holding(5, holding(1, Buffer.from('hello'))))],
    ['OTLP/JSON', Buffer.from('{"resourceLogs":[]}')],
    ['a text', Buffer.from('claude_code.user_prompt')],
    ['zeroes', new Uint8Array(1_000)],
    ['0xFF', new Uint8Array(1_000).fill(0xff)],
    ['Confluent wire format', bytes(new Uint8Array(5), BINARY_EXPORT)],
    ['a gRPC frame', bytes(0, Uint8Array.of(0, 0, 0, BINARY_EXPORT.length & 0xff), BINARY_EXPORT)],
    ['an export behind its own length', bytes(varint(BINARY_EXPORT.length), BINARY_EXPORT)],
    ['an export and half of another', bytes(BINARY_EXPORT, BINARY_EXPORT.subarray(0, BINARY_EXPORT.length >> 1))],
  ];
}
