import type { Entry, Pairs } from './decode.ts';

/** Loki's limits by the names its configuration gives them, and its defaults. */
export const LIMITS = {
  max_label_names_per_series: 15,
  max_label_name_length: 1024,
  max_label_value_length: 2048,
  enforced_labels: '',
  max_line_size: 262_144,
  max_structured_metadata_size: 65_536,
  max_structured_metadata_entries_count: 128,
  allow_structured_metadata: true,
  reject_old_samples_max_age_ms: 7 * 86_400_000,
  creation_grace_period_ms: 600_000,
  max_chunk_age_ms: 7_200_000,
  unordered_writes: true,
  max_recv_msg_size: 104_857_600,
};

export type Limits = typeof LIMITS;

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Of `{a="b", c="d"}`; undefined when it is no such thing. */
export function parseLabels(selector: string): Pairs | undefined {
  if (!/^\{(\w+="([^"\\]|\\.)*"(, \w+="([^"\\]|\\.)*")*)?\}$/.test(selector)) return undefined;
  return [...selector.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g)].map(([, name, value]) => [
    name ?? '',
    String(JSON.parse(value ?? '""')),
  ]);
}

export function faultOfLabels(labels: Pairs, limits: Limits): string | undefined {
  const names = labels.map(([name]) => name);
  const counted = names.filter((name) => name !== 'service_name').length;
  const stream = `'${JSON.stringify(Object.fromEntries(labels))}'`;
  if (names.length === 0) return 'error at least one label pair is required per stream';
  if (!names.every((name) => NAME.test(name))) return `Error parsing labels ${stream} with error: parse error`;
  if (counted > limits.max_label_names_per_series) {
    return `entry for stream ${stream} has ${counted} label names; limit ${limits.max_label_names_per_series}`;
  }
  if (names.some((name) => name.length > limits.max_label_name_length))
    return `stream ${stream} has label name too long`;
  if (labels.some(([, value]) => value.length > limits.max_label_value_length)) {
    return `stream ${stream} has label value too long`;
  }
  if (new Set(names).size < names.length) return `stream ${stream} has duplicate label name`;
  if (limits.enforced_labels !== '' && !names.includes(limits.enforced_labels)) {
    return `missing required labels ${limits.enforced_labels} for user fake for stream ${stream}`;
  }
  return undefined;
}

/** In the order of Loki's validator. Names of metadata outside the rule are an error here; Loki would rewrite them. */
export function faultOfEntry(entry: Entry, stream: string, limits: Limits, now: number): string | undefined {
  const at = Number(entry.nanos / 1_000_000n);
  const oldest = now - limits.reject_old_samples_max_age_ms;
  const bytes = Buffer.byteLength(entry.line);
  const metadata = entry.metadata.reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(value), 0);
  const count = entry.metadata.length;
  if (at < oldest) {
    return `entry for stream '${stream}' has timestamp too old: ${utc(at)}, oldest acceptable timestamp is: ${utc(oldest)}`;
  }
  if (at > now + limits.creation_grace_period_ms)
    return `entry for stream '${stream}' has timestamp too new: ${utc(at)}`;
  if (bytes > limits.max_line_size) {
    return `Max entry size '${limits.max_line_size}' bytes exceeded for stream '${stream}' while adding an entry with length '${bytes}' bytes`;
  }
  if (count > 0 && !limits.allow_structured_metadata) {
    return `stream '${stream}' includes structured metadata, but this feature is disallowed.`;
  }
  if (metadata > limits.max_structured_metadata_size) {
    return `stream '${stream}' has structured metadata too large: '${metadata}' bytes`;
  }
  if (count > limits.max_structured_metadata_entries_count) {
    return `stream '${stream}' has too many structured metadata labels: '${count}'`;
  }
  return entry.metadata.every(([name]) => NAME.test(name)) ? undefined : 'a name of structured metadata is not valid';
}

export function tooFarBehind(entry: Entry, cutoff: bigint, limits: Limits): string {
  if (!limits.unordered_writes) return 'entry out of order';
  const [at, oldest] = [Number(entry.nanos / 1_000_000n), Number(cutoff / 1_000_000n)];
  const why = `entry too far behind, entry timestamp is: ${utc(at)}, oldest acceptable timestamp is: ${utc(oldest)}`;
  return `entry with timestamp ${utc(at)} ignored, reason: '${why}',`;
}

const utc = (ms: number): string => new Date(ms).toISOString();
