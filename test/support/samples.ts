import { globSync, readFileSync } from 'node:fs';
import { readJson } from '../../services/codec/json.ts';
import type { Verdict } from '../../services/core/format.ts';
import { formats } from '../../services/formats/index.ts';
import { readJson as readOtlpJson } from '../../services/otlp/read.ts';

/** What became of one real payload: a verdict and whose it is, `undetected`, or `unreadable` where it is no JSON by our reader. */
export interface Judged {
  readonly file: string;
  readonly kind: Verdict['kind'] | 'undetected' | 'unreadable';
  readonly format?: string;
  readonly reason?: string;
  /** Keys of the payload itself. */
  readonly keys: readonly string[];
}

/** Every payload of every JSON and JSONL file below a folder, read as ingest would. Payloads stay where they are. */
export function judgeSamples(folder: string): readonly Judged[] {
  return globSync('**/*.{json,jsonl}', { cwd: folder })
    .sort()
    .flatMap((file) =>
      textsOf(readFileSync(`${folder}/${file}`, 'utf8'), file).flatMap((text) => judgeText(text, file)),
    );
}

export function judge(payload: unknown): Omit<Judged, 'file' | 'keys'> {
  const otlp = readOtlpJson(payload);
  for (const format of formats) {
    const message = format.encodings.includes('json') ? payload : otlp;
    if (format.detect(message)) return { ...format.read(message), format: format.name };
  }
  return { kind: 'undetected' };
}

/** A file is one document, or one a line. */
function textsOf(text: string, file: string): readonly string[] {
  return file.endsWith('.jsonl') ? text.split('\n').filter((line) => line.trim() !== '') : [text];
}

function judgeText(text: string, file: string): readonly Judged[] {
  const read = readJson(Buffer.from(text));
  if (!read.ok) return [{ file, kind: 'unreadable', reason: read.reason, keys: [] }];
  return unwrapped(read.value).map((payload) => {
    const keys = typeof payload === 'object' && payload !== null ? Object.keys(payload) : [];
    return { file, keys, ...judge(payload) };
  });
}

/** A page of documentation wraps each example with where it stands there. */
function unwrapped(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [value];
  if ('_doc_section' in value && 'payload' in value) return [value.payload];
  if ('_page' in value && 'line' in value) return [value.line];
  if (('_page' in value || '_type' in value) && 'payload' in value) return [value.payload];
  if ('runtime' in value && 'records' in value && Array.isArray(value.records)) return value.records.map(asExport);
  return [value];
}

/** A log record that was saved as its body and attributes, in the export it must have come in. */
function asExport(record: { readonly body: string; readonly attributes: Readonly<Record<string, unknown>> }): unknown {
  const attributes = Object.entries(record.attributes).map(([key, value]) => ({ key, value: otlpValue(value) }));
  const logRecord = { timeUnixNano: '1772616001000000000', body: { stringValue: record.body }, attributes };
  return { resourceLogs: [{ scopeLogs: [{ logRecords: [logRecord] }] }] };
}

function otlpValue(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
