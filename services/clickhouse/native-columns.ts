import { ClickHouseFailure } from './failure.ts';
import { varint } from './varint.ts';

/** Bytes of one value, by type without its arguments. */
const WIDTHS: Readonly<Record<string, number>> = {
  ...{ Bool: 1, Nothing: 1, Int8: 1, UInt8: 1, Enum8: 1, Int16: 2, UInt16: 2, Enum16: 2, Date: 2, BFloat16: 2 },
  ...{ Int32: 4, UInt32: 4, Float32: 4, Date32: 4, DateTime: 4, Decimal32: 4, IPv4: 4, Time: 4 },
  ...{ Int64: 8, UInt64: 8, Float64: 8, DateTime64: 8, Decimal64: 8, Time64: 8 },
  ...{ Int128: 16, UInt128: 16, Decimal128: 16, UUID: 16, IPv6: 16, Int256: 32, UInt256: 32, Decimal256: 32 },
};

/** Types that are names of others. */
const ALIASES: Readonly<Record<string, string>> = {
  Point: 'Tuple(Float64, Float64)',
  Ring: 'Array(Point)',
  LineString: 'Array(Point)',
  MultiLineString: 'Array(LineString)',
  Polygon: 'Array(Ring)',
  MultiPolygon: 'Array(Polygon)',
};

/** Where the column that begins at `from` ends. Throws for types whose bytes are not known here. */
export function columnEnd(bytes: Uint8Array, from: number, type: string, rows: number): number {
  if (rows === 0) return from;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = parse(type);
  const end = values(view, bytes, prefix(read, from), read, rows);
  if (end > bytes.length) throw new RangeError('the block ends within a column');
  return end;
}

interface Type {
  readonly name: string;
  readonly of: readonly Type[];
  /** Arguments as they stand. */
  readonly words: readonly string[];
}

const CONTAINERS = new Set(['Nullable', 'Array', 'LowCardinality', 'Map', 'Tuple', 'Nested']);

function parse(text: string): Type {
  const alias = ALIASES[text];
  if (alias !== undefined) return parse(alias);
  const open = text.indexOf('(');
  if (open === -1) return { name: text, of: [], words: [] };
  const name = text.slice(0, open);
  const words = split(text.slice(open + 1, -1));
  if (name === 'SimpleAggregateFunction') return parse(words[1] ?? '');
  const pair = { name: 'Tuple', of: words.map(element), words };
  if (name === 'Nested') return { name: 'Array', of: [pair], words };
  if (name === 'Map') return { name: 'Array', of: [pair], words };
  return { name, of: CONTAINERS.has(name) ? words.map(element) : [], words };
}

/** An element of a tuple may have a name before its type; in backticks where it is no plain word. */
const element = (text: string): Type => parse(text.replace(/^(?:`(?:[^`\\]|\\.)*`|\w+) (?=\w)/s, ''));

/** Arguments between commas, but for those in brackets and quotes. */
function split(text: string): readonly string[] {
  const parts: string[] = [];
  let [depth, from] = [0, 0];
  for (const { 0: found, index } of text.matchAll(/'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|[(),]/gs)) {
    if (found === '(') depth++;
    if (found === ')') depth--;
    if (found !== ',' || depth > 0) continue;
    parts.push(text.slice(from, index).trim());
    from = index + 1;
  }
  return [...parts, text.slice(from).trim()];
}

/** Dictionaries say their version before anything of the column is written. */
function prefix(type: Type, at: number): number {
  if (type.name === 'LowCardinality') return at + 8;
  return type.of.reduce((end, inner) => prefix(inner, end), at);
}

function values(view: DataView, bytes: Uint8Array, at: number, type: Type, rows: number): number {
  const { name, of, words } = type;
  if (rows === 0) return at;
  switch (name) {
    case 'String':
      return texts(bytes, at, rows);
    case 'FixedString':
      return at + rows * Number(words[0]);
    case 'Nullable':
      return each(view, bytes, at + rows, of, rows);
    case 'Tuple':
      return of.length > 0 ? each(view, bytes, at, of, rows) : unknown(name);
    case 'Array': {
      const end = at + rows * 8;
      return each(view, bytes, end, of, Number(view.getBigUint64(end - 8, true)));
    }
    case 'LowCardinality':
      return dictionary(view, bytes, at, type);
    default:
      return at + rows * width(type);
  }
}

const each = (view: DataView, bytes: Uint8Array, at: number, of: readonly Type[], rows: number): number =>
  of.reduce((end, type) => values(view, bytes, end, type, rows), at);

function texts(bytes: Uint8Array, from: number, rows: number): number {
  let at = from;
  for (let row = 0; row < rows; row++) {
    const { value, next } = varint(bytes, at);
    at = next + value;
  }
  return at;
}

/** The width of the keys, how many values there are, they themselves, how many keys there are, and those. */
function dictionary(view: DataView, bytes: Uint8Array, at: number, { of }: Type): number {
  const keyBytes = 2 ** (Number(view.getBigUint64(at, true)) & 0xff);
  const kept = Number(view.getBigUint64(at + 8, true));
  // Absence is a key of its own: the values are written as if none could be absent.
  const plain = of.flatMap((type) => (type.name === 'Nullable' ? type.of : [type]));
  const end = each(view, bytes, at + 16, plain, kept);
  return end + 8 + Number(view.getBigUint64(end, true)) * keyBytes;
}

function width({ name, words }: Type): number {
  if (name.startsWith('Interval')) return 8;
  if (name !== 'Decimal') return WIDTHS[name] ?? unknown(name);
  const digits = Number(words[0]);
  return digits <= 9 ? 4 : digits <= 18 ? 8 : digits <= 38 ? 16 : 32;
}

/** ClickHouse's code of what it does not implement. */
const NOT_IMPLEMENTED = 48;

function unknown(name: string): never {
  const words = `the type ${name.replace(/\W/g, '').slice(0, 40)} is not written as Native here: ask for another format`;
  throw new ClickHouseFailure(`${words} (NOT_IMPLEMENTED)`, NOT_IMPLEMENTED, undefined);
}
