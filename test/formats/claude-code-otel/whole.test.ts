import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { claudeCodeOtel } from '../../../services/formats/claude-code-otel/index.ts';
import type { Logs } from '../../../services/otlp/logs.ts';
import { readJson, readProto } from '../../../services/otlp/read.ts';
import { writeProto } from '../../../services/otlp/write.ts';

const folder = new URL('../../golden/claude-code-otel/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.in.json'));

function logsOf(name: string): Logs {
  const read = readJson(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
  if ('error' in read) throw new Error(read.error);
  return read;
}

describe.each(names)('%s', (name) => {
  const { records } = logsOf(name);

  test('says the same in protobuf', () => {
    const json = claudeCodeOtel.read({ records });
    expect(json.kind).toBe('accepted');
    expect(JSON.stringify(claudeCodeOtel.read(readProto(writeProto(records))))).toBe(JSON.stringify(json));
  });

  test('keeps every leaf in a column, an attribute or the content', () => {
    const verdict = claudeCodeOtel.read({ records });
    const drafts = verdict.kind === 'accepted' ? verdict.drafts : [];
    expect(drafts).toHaveLength(records.length);
    for (const [index, record] of records.entries()) {
      const kept = new Set(leavesOf(drafts[index]));
      for (const leaf of leavesOf({ ...record, time_unix_nano: microseconds(record.time_unix_nano, kept) }))
        expect(kept, leaf).toContain(leaf);
    }
  });
});

test('every event of the documentation is there', () => {
  const seen = new Set(names.flatMap((name) => logsOf(name).records.map(({ attributes }) => attributes['event.name'])));
  expect([...seen]).toEqual(expect.arrayContaining(DOCUMENTED));
});

/** Texts of all leaves; a list kept as one JSON attribute is one more leaf on the other side. */
function leavesOf(value: unknown): string[] {
  if (value === null || value === undefined || value === '') return [];
  if (typeof value !== 'object') return [String(value), ...listIn(value)];
  return Object.values(value).flatMap(leavesOf);
}

function listIn(value: unknown): string[] {
  return typeof value === 'string' && value.startsWith('["') ? leavesOf(JSON.parse(value)) : [];
}

/** The column holds microseconds; where it cannot give the nanoseconds back they are an attribute. */
function microseconds(nanos: string | undefined, kept: ReadonlySet<string>): string | undefined {
  return nanos === undefined || kept.has(nanos) ? nanos : String(BigInt(nanos) / 1000n);
}

/** https://code.claude.com/docs/en/monitoring-usage#events */
const DOCUMENTED = [
  ...['user_prompt', 'assistant_response', 'tool_result', 'api_request', 'api_error', 'api_refusal'],
  ...['api_request_body', 'api_response_body', 'tool_decision', 'permission_mode_changed', 'auth'],
  ...['mcp_server_connection', 'internal_error', 'plugin_installed', 'plugin_loaded', 'skill_activated', 'at_mention'],
  ...['api_retries_exhausted', 'hook_registered', 'hook_execution_start', 'hook_execution_complete'],
  ...['hook_plugin_metrics', 'compaction', 'subagent_completed', 'feedback_survey', 'retention_sweep'],
  'managed_settings_resolved',
];
