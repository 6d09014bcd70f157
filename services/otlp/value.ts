import type { Value } from './logs.ts';
import type { Trail } from './trail.ts';

/** How deep arrays and lists may stand in each other. */
export const DEEPEST = 64;

/** Text that every store and receiver can take: no NUL, no half of a surrogate pair. */
export function text(value: string, trail: Trail): string {
  if (value.includes('\0')) trail.blame('holds a NUL');
  else if (!value.isWellFormed()) trail.blame('holds a lone surrogate');
  return value;
}

/** Finite only: neither JSON nor Avro's readers downstream know the others. */
export function finite(value: number, trail: Trail): number {
  if (!Number.isFinite(value)) trail.blame('is not a finite number');
  return value;
}

/** A number where every digit survives, else the decimal string. */
export function integer(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** Sets a key that the protocol says is unique; on a second one the answer of readers differs, so it is a fault. */
export function put(into: Record<string, Value>, key: string, value: Value, trail: Trail): void {
  trail.enter(text(key, trail));
  if (key === '__proto__') trail.blame('is no key that can be kept');
  else if (Object.hasOwn(into, key)) trail.blame('appears twice');
  else into[key] = value;
  trail.leave();
}

/** Whether one more array or list may be opened inside `depth` others. */
export function mayDeepen(depth: number, trail: Trail): boolean {
  if (depth < DEEPEST) return true;
  trail.blame(`stands in more than ${DEEPEST} arrays and lists`);
  return false;
}

/** An id of zeroes is what the protocol calls none. */
export function identifier(hex: string): string | undefined {
  return /^0*$/.test(hex) ? undefined : hex.toLowerCase();
}
