import { isUtf8 } from 'node:buffer';
import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { Trail } from './trail.ts';
import { DEEPEST } from './value.ts';

/** Messages in each other: five down to a record's attribute, three for every list in its value. */
export const DEEPEST_MESSAGE = 6 + 3 * (DEEPEST + 1);

/** Where a message has room for fields that we do not know; elsewhere they would be lost in the value around them. */
const ROOMY = new Set([
  'ExportLogsServiceRequest',
  'ResourceLogs',
  'Resource',
  'ScopeLogs',
  'InstrumentationScope',
  'LogRecord',
]);

/** What the bytes of a field must look like. */
interface Shape {
  readonly step: string;
  readonly wire: WireType;
  readonly isText: boolean;
  /** Bytes of the longest number. */
  readonly longest: number;
  readonly isRepeated: boolean;
  /** Fields of one oneof share a slot; only one may be there. */
  readonly slot: number;
  readonly child: DescMessage | undefined;
}

/**
 * Looks for what protobuf-es 2.17 reads without complaint though it is no such message: a field of another wire type
 * (a trace export passes for a log export), a field that runs past the end of its message, a single field sent twice
 * (the first is lost), and says where a message is cut off or holds no UTF-8. The first fault is left in the trail.
 */
export function inspect(bytes: Uint8Array, message: DescMessage, trail: Trail): void {
  const walk = { bytes, reader: new BinaryReader(bytes), trail };
  try {
    inspectMessage(walk, message, bytes.length, 0);
  } catch {
    // The reader throws at the end of the bytes and at tags that cannot be; the trail still stands there.
    trail.blame('is cut off or no protobuf');
  }
}

interface Walk {
  readonly bytes: Uint8Array;
  readonly reader: BinaryReader;
  readonly trail: Trail;
}

/** After a fault the trail is left where it stands. */
function inspectMessage(walk: Walk, message: DescMessage, end: number, depth: number): void {
  const { reader, trail } = walk;
  if (depth > DEEPEST_MESSAGE) trail.blame(`stands in more than ${DEEPEST} arrays and lists`);
  const shapes = shapesOf(message);
  const counts = new Map<number, number>();

  while (reader.pos < end && trail.fault === undefined) {
    const [number, wire] = reader.tag();
    const shape = shapes.get(number);
    if (shape !== undefined) {
      const count = counts.get(shape.slot) ?? 0;
      counts.set(shape.slot, count + 1);
      inspectField(walk, shape, wire, count, end, depth);
    } else if (ROOMY.has(message.name)) reader.skip(wire, number);
    else trail.blame(`has a field ${number} that is not known`);
    if (reader.pos > end) trail.blame('runs past its end');
  }
}

function inspectField(walk: Walk, shape: Shape, wire: WireType, count: number, end: number, depth: number): void {
  const { trail } = walk;
  trail.enter(shape.step);
  if (shape.isRepeated) trail.enter(count);
  if (wire !== shape.wire) trail.blame(`has wire type ${wire}, not ${shape.wire}`);
  else if (count > 0 && !shape.isRepeated) trail.blame('is set twice');
  else if (wire === WireType.LengthDelimited) inspectBytes(walk, shape, end, depth);
  else inspectNumber(walk, shape);
  if (trail.fault !== undefined) return;
  if (shape.isRepeated) trail.leave();
  trail.leave();
}

function inspectBytes({ bytes, reader, trail }: Walk, shape: Shape, end: number, depth: number): void {
  const length = reader.uint32();
  const next = reader.pos + length;
  if (next > end) trail.blame('is cut off');
  else if (shape.child !== undefined) inspectMessage({ bytes, reader, trail }, shape.child, next, depth + 1);
  else if (shape.isText && !isUtf8(bytes.subarray(reader.pos, next))) trail.blame('is not UTF-8');
  else reader.pos = next;
}

function inspectNumber({ reader, trail }: Walk, shape: Shape): void {
  const start = reader.pos;
  reader.skip(shape.wire);
  if (reader.pos - start > shape.longest) trail.blame(`takes more than ${shape.longest} bytes`);
}

const known = new Map<DescMessage, ReadonlyMap<number, Shape>>();

function shapesOf(message: DescMessage): ReadonlyMap<number, Shape> {
  const cached = known.get(message);
  if (cached !== undefined) return cached;
  const shapes = new Map(message.fields.map((field) => [field.number, shapeOf(field)]));
  known.set(message, shapes);
  return shapes;
}

function shapeOf(field: DescField): Shape {
  const scalar = field.scalar;
  return {
    step: field.localName,
    wire: scalar === undefined ? WireType.LengthDelimited : wireTypeOf(scalar),
    isText: scalar === ScalarType.STRING,
    longest: scalar === ScalarType.UINT32 ? 5 : 10,
    isRepeated: field.fieldKind === 'list',
    slot: field.oneof?.fields[0]?.number ?? field.number,
    child: field.message,
  };
}

/** Of the scalars that the log messages have (https://protobuf.dev/programming-guides/encoding/#structure). */
function wireTypeOf(scalar: ScalarType): WireType {
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WireType.LengthDelimited;
    case ScalarType.FIXED64:
    case ScalarType.DOUBLE:
      return WireType.Bit64;
    case ScalarType.FIXED32:
      return WireType.Bit32;
    default:
      return WireType.Varint;
  }
}
