import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { activityOf, catalogue } from './support/activities.ts';
import { type Judged, judge, judgeSamples } from './support/samples.ts';

/**
 * Real payloads, from the folder that the environment names: one folder a source. They are read in place and belong to
 * nobody here, so without the folder nothing of this runs.
 */
const folder = process.env.SAMPLES;
if (folder === undefined) console.warn('SAMPLES names no folder: real payloads are NOT tried');

describe.skipIf(folder === undefined)('real payloads', () => {
  const judged = folder === undefined ? [] : judgeSamples(folder);
  const of = (prefix: string): readonly Judged[] => judged.filter(({ file }) => file.startsWith(prefix));

  test('are counted by source and file', () => {
    console.info(
      [...table(judged, ({ file }) => file.split('/')[0] ?? ''), '', ...table(judged, ({ file }) => file)].join('\n'),
    );
    expect(judged.length).toBeGreaterThan(0);
  });

  test.each([
    ['claude-code-otel/beacon-', 'claude-code-otel'],
    ['litellm/gcs_pub_sub_standard_logging_payload.json', 'litellm'],
    ['anthropic-compliance/docs-compliance-activity-feed.jsonl', 'claude-compliance'],
    ['litellm/gcs_pub_sub_spend_logs_payload.json', 'litellm-spend'],
    ['agentgateway/', 'agentgateway'],
    ['claude-apps-gateway/audit-', 'claude-apps-gateway'],
    ['envoy-ai-gateway/', 'envoy-ai-gateway'],
    ['kong-ai-gateway/', 'kong-ai'],
    ['claude-code-otel/defenseclaw-post-tool-use.hook', 'claude-code-hooks'],
  ])('%s* is accepted as %s', (prefix, format) => {
    const found = of(prefix);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((each) => each.kind !== 'accepted' || each.format !== format)).toEqual([]);
  });

  /** Pages of documentation hold settings and answers between the messages. */
  test.each([
    ['claude-code-hooks/', 'claude-code-hooks', ['session_id', 'hook_event_name']],
    ['mcp-protocol/', 'mcp-jsonrpc', ['jsonrpc', 'id', 'method']],
    ['mcp-protocol/', 'mcp-jsonrpc', ['jsonrpc', 'id', 'result']],
    ['mcp-protocol/', 'mcp-jsonrpc', ['jsonrpc', 'error']],
  ])('%s* is known as %s wherever it has %j', (prefix, format, marks) => {
    const marked = of(prefix).filter(({ keys }) => marks.every((mark) => keys.includes(mark)));
    expect(marked.length).toBeGreaterThan(0);
    expect(marked.filter((each) => each.format !== format)).toEqual([]);
  });

  test('captures that say nothing are skipped with a reason, and nothing else is', () => {
    const skipped = judged.filter(({ kind }) => kind === 'skipped');
    expect(skipped.filter(({ file, reason }) => !file.startsWith('mcp-protocol/') || !reason)).toEqual([]);
  });

  test('none is unreadable, or turned down by the format that knows it', () => {
    expect(judged.filter(({ kind }) => kind === 'rejected' || kind === 'unreadable')).toEqual([]);
  });

  test('every type of the activity feed is accepted', () => {
    const types = catalogue.parse(
      JSON.parse(readFileSync(`${folder}/anthropic-compliance/activity-types.json`, 'utf8')),
    );
    const refused = types
      .map((type) => ({ type: type.type, ...judge(activityOf(type)) }))
      .filter(({ kind }) => kind !== 'accepted');
    console.info(`activity feed: ${types.length} types, ${types.length - refused.length} accepted`);
    expect(refused).toEqual([]);
  });
});

function table(judged: readonly Judged[], by: (each: Judged) => string): readonly string[] {
  const groups = Map.groupBy(judged, by);
  return [...groups].map(([name, group]) => {
    const count = (kind: Judged['kind']): number => group.filter((each) => each.kind === kind).length;
    const read = [...new Set(group.map(({ format }) => format).filter((format) => format !== undefined))].join(', ');
    const counts = `accepted ${count('accepted')}, skipped ${count('skipped')}, rejected ${count('rejected')}, undetected ${count('undetected')}`;
    return `${name}: ${counts}${read === '' ? '' : ` (${read})`}`;
  });
}
