import { recordsOfJson } from './json.ts';
import type { LogRecord, Logs, Malformed } from './logs.ts';
import { recordsOfProto } from './proto.ts';
import { Trail } from './trail.ts';

/** Reads an export of logs in OTLP's binary encoding. Never throws. */
export function readProto(bytes: Uint8Array): Logs | Malformed {
  return reading((trail) => recordsOfProto(bytes, trail));
}

/** Reads an export of logs in OTLP/JSON, already parsed. Never throws. */
export function readJson(value: unknown): Logs | Malformed {
  return reading((trail) => recordsOfJson(value, trail));
}

/** An export without records says nothing that could be kept, so its sender is at fault. */
function reading(read: (trail: Trail) => readonly LogRecord[]): Logs | Malformed {
  const trail = new Trail();
  const records = read(trail);
  if (records.length === 0) trail.blame('holds no log records');
  return trail.fault === undefined ? { records } : { error: trail.fault };
}
