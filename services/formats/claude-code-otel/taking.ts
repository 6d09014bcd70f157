import type { Attributes, LogRecord, Value } from '../../otlp/logs.ts';
import { isEventName } from './event-name.ts';

/** Largest whole number of a column: beyond, Avro's encoder writes another one. */
const LARGEST = 2 ** 52;

/**
 * Reads leaves out of a record for columns, and remembers which ones a column now holds exactly as they came: those are
 * left out of the rest. Attributes of the record go before those of its resource.
 */
export interface Taking {
  /** Leaves the attribute where it is; so does `number`. */
  peek(name: string): string | undefined;
  number(name: string): number | undefined;
  text(name: string): string | undefined;
  /** A whole number, also one that came as text. */
  count(name: string): number | undefined;
  /** A number of milliseconds, also one that came as text. */
  milliseconds(name: string): number | undefined;
  /** "true", "false" or a boolean; leaves the attribute where it is. */
  flag(name: string): boolean | undefined;
  /** A field of the record itself. */
  field(name: 'trace_id' | 'span_id'): string | undefined;
  /** The record's time in microseconds since 1970; leaves it where it is when nanoseconds are lost. */
  time(): number | undefined;
  /** What no column holds. */
  rest(): unknown;
}

export function taking(record: LogRecord): Taking {
  const taken = { record: new Set<string>(), resource: new Set<string>(), fields: new Set<string>() };
  const find = (name: string): Value | undefined => record.attributes[name] ?? record.resource.attributes[name];
  const take = (name: string): void => {
    const isInRecord = (record.attributes[name] ?? undefined) !== undefined;
    (isInRecord ? taken.record : taken.resource).add(name);
  };
  const peek = (name: string): string | undefined => {
    const value = find(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const number = (name: string): number | undefined => {
    const value = find(name);
    const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
  };
  const takeNumber = (name: string, fits: (value: number) => boolean): number | undefined => {
    const read = number(name);
    if (read === undefined || !fits(read)) return undefined;
    // "007" and "1.50" are numbers a column cannot give back as they came.
    if (String(read) === String(find(name))) take(name);
    return read;
  };

  return {
    peek,
    number,
    text(name) {
      const text = peek(name);
      if (text !== undefined) take(name);
      return text;
    },
    count: (name) => takeNumber(name, (value) => Number.isInteger(value) && Math.abs(value) <= LARGEST),
    milliseconds: (name) => takeNumber(name, () => true),
    flag(name) {
      const value = String(find(name));
      return value === 'true' || value === 'false' ? value === 'true' : undefined;
    },
    field(name) {
      taken.fields.add(name);
      return record[name];
    },
    time() {
      if (record.time_unix_nano === undefined) return undefined;
      const nanos = BigInt(record.time_unix_nano);
      const time = Number(nanos / 1000n);
      if (nanos % 1000n === 0n && Number.isSafeInteger(time)) taken.fields.add('time_unix_nano');
      return time;
    },
    rest() {
      const { body, resource, attributes, ...others } = record;
      return {
        ...without(others, taken.fields),
        // A name may be read by everyone, a text may not: they part ways by their path.
        ...(isEventName(body) ? { body_name: body } : { body }),
        resource: { ...resource, attributes: without(resource.attributes, taken.resource) },
        attributes: without(attributes, taken.record),
      };
    },
  };
}

function without(object: Attributes | object, names: ReadonlySet<string>): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.has(name)));
}
