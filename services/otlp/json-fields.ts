import type { DescMessage } from '@bufbuild/protobuf';
import type { Trail } from './trail.ts';
import { DEEPEST, identifier, text } from './value.ts';

/** An object of OTLP/JSON, its known fields under their lowerCamelCase names. Fields set to null count as not set. */
export interface Fields {
  readonly known: ReadonlyMap<string, unknown>;
  readonly unknown: Readonly<Record<string, unknown>>;
}

/** Takes lowerCamelCase and the protocol's own snake_case names, as protobuf's JSON mapping asks of readers. */
export function fieldsOf(message: DescMessage, value: unknown, trail: Trail): Fields {
  const known = new Map<string, unknown>();
  const unknown: Record<string, unknown> = {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    trail.blame('is no object');
    return { known, unknown };
  }
  const names = namesOf(message);
  for (const [name, field] of Object.entries(value)) {
    const local = names.get(name);
    trail.enter(local ?? name);
    if (local === undefined) keep(unknown, name, field, trail);
    else if (known.has(local)) trail.blame('is set twice');
    else if (field !== null) known.set(local, field);
    trail.leave();
  }
  return { known, unknown };
}

function keep(unknown: Record<string, unknown>, name: string, field: unknown, trail: Trail): void {
  check(text(name, trail), field, trail, 0);
  unknown[name] = field;
}

/** Unknown fields are kept as they are, so they must be what can be kept. */
function check(name: string, value: unknown, trail: Trail, depth: number): void {
  if (name === '__proto__') trail.blame('is no key that can be kept');
  else if (typeof value === 'string') text(value, trail);
  else if (
    typeof value === 'number' &&
    !(Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value))
  )
    trail.blame('is a number whose digits are lost');
  else if (typeof value === 'object' && value !== null) {
    if (depth === DEEPEST) trail.blame(`stands in more than ${DEEPEST} arrays and objects`);
    else
      for (const [inner, item] of Object.entries(value))
        within(inner, trail, () => check(text(inner, trail), item, trail, depth + 1));
  }
}

/** Calls back for every item of a list; a field that is not set is an empty one. */
export function each(name: string, fields: Fields, trail: Trail, read: (item: unknown) => void): void {
  const list = fields.known.get(name) ?? [];
  within(name, trail, () => {
    if (!Array.isArray(list)) return trail.blame('is no list');
    for (const [index, item] of list.entries()) within(index, trail, () => read(item));
  });
}

export function textOf(name: string, fields: Fields, trail: Trail): string | undefined {
  const value = fields.known.get(name) ?? '';
  return within(name, trail, () => {
    if (typeof value === 'string') return text(value, trail) || undefined;
    trail.blame('is no text');
    return undefined;
  });
}

/** An unsigned 32-bit number; protobuf's JSON mapping also takes its decimal string. */
export function numberOf(name: string, fields: Fields, trail: Trail): number | undefined {
  const value = fields.known.get(name) ?? 0;
  return within(name, trail, () => {
    const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number < 2 ** 32)
      return number || undefined;
    trail.blame('is no number of 32 bits');
    return undefined;
  });
}

/**
 * Nanoseconds as a decimal string, which is what OTLP/JSON writes. A JSON number is taken too: parsing has rounded it to
 * 256 ns by then, less than the microsecond the trail keeps.
 */
export function timeOf(name: string, fields: Fields, trail: Trail): string | undefined {
  const value = fields.known.get(name) ?? 0;
  return within(name, trail, () => {
    const isWhole =
      typeof value === 'number' ? Number.isInteger(value) && value >= 0 : /^\d{1,20}$/.test(String(value));
    const nanos = isWhole && (typeof value === 'number' || typeof value === 'string') ? BigInt(value) : -1n;
    if (nanos >= 0n && nanos < 2n ** 64n) return nanos === 0n ? undefined : String(nanos);
    trail.blame('is no number of nanoseconds');
    return undefined;
  });
}

export function identifierOf(name: string, fields: Fields, bytes: number, trail: Trail): string | undefined {
  const value = fields.known.get(name) ?? '';
  return within(name, trail, () => {
    if (typeof value === 'string' && (value === '' || (value.length === 2 * bytes && /^[0-9a-f]+$/i.test(value))))
      return identifier(value);
    trail.blame(`is not ${2 * bytes} hex digits`);
    return undefined;
  });
}

/** Reads with the trail one step further in. */
function within<T>(step: string | number, trail: Trail, read: () => T): T {
  trail.enter(step);
  const value = read();
  trail.leave();
  return value;
}

const names = new Map<DescMessage, ReadonlyMap<string, string>>();

/** Both spellings of each field, and the name it has here. */
function namesOf(message: DescMessage): ReadonlyMap<string, string> {
  const cached = names.get(message);
  if (cached !== undefined) return cached;
  const made = new Map(
    message.fields.flatMap(
      ({ name, jsonName }) =>
        [
          [name, jsonName],
          [jsonName, jsonName],
        ] as const,
    ),
  );
  names.set(message, made);
  return made;
}
