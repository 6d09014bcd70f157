import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byEmail } from '../../services/processes/demo/company.ts';
import * as script from '../../services/processes/demo/script.ts';
import { commandsRun, filesTouched, mcpCalls, type ToolCall } from '../support/demo-acts.ts';
import { charged } from '../support/demo-costs.ts';
import { type DemoTrail, openDemoTrail, type Row } from '../support/demo-trail.ts';

/** Every question of the demo day, with the answer that its script and its players give. */

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-questions-'));
let trail: DemoTrail;

beforeAll(async () => {
  trail = await openDemoTrail('questions', folder);
}, 300_000);
afterAll(async () => {
  await trail.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As the answers write a time. */
const at = ({ minute }: { readonly minute: number }): string =>
  new Date(trail.day + minute * 60_000).toISOString().replace('T', ' ').replace('Z', '000');

const pick = (rows: readonly Row[], ...columns: readonly string[]): readonly Row[] =>
  rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])));

test('production configuration was changed five times, by these people', async () => {
  const found = await trail.ask('config-changes');
  expect(pick(found, 'occurred_at', 'actor_email', 'action', 'outcome', 'changed', 'session_id')).toEqual(
    script.CONFIG_CHANGES.map(({ email, action, outcome, target, session, minute }) => ({
      occurred_at: at({ minute }),
      actor_email: email,
      ...{ action, outcome, changed: target, session_id: session },
    })),
  );
});

test('what the AI tools accessed', async () => {
  await expect(golden(await trail.ask('accessed'))).toMatchFileSnapshot('../golden/demo/accessed.json');
});

const golden = (rows: readonly Row[]): string => {
  const date = new Date(trail.day).toISOString().slice(0, 10);
  return `${JSON.stringify(rows, null, 2).replaceAll(date, 'DAY')}\n`;
};

describe('denied', () => {
  test('every refusal of the script is there, with what and whom it hit', async () => {
    const found = pick(await trail.ask('denied'), 'occurred_at', 'actor_email', 'action', 'what');
    const refused = [...script.DENIED_ENV_READS, script.DENIED_CHANGE].map(({ email, target, minute }) => ({
      occurred_at: at({ minute }),
      actor_email: email,
      action: 'permission.decision',
      what: target,
    }));
    for (const one of refused) expect(found).toContainEqual(one);
  });

  test('each refusal counts once', async () => {
    await expect(golden(await trail.ask('denied'))).toMatchFileSnapshot('../golden/demo/denied.json');
  });
});

test('PHI and its reviews', async () => {
  const found = await trail.ask('phi');
  const byTime = script.PHI_CALLS.toSorted((a, b) => a.minute - b.minute);
  expect(pick(found, 'occurred_at', 'actor_email', 'review', 'verdict', 'reviewer', 'provider', 'request_id')).toEqual(
    byTime.map(({ call, email, minute, review, provider }) => {
      const done = review !== 'overdue';
      return {
        occurred_at: at({ minute }),
        actor_email: email,
        review: review === 'approved' || review === 'rejected' ? 'reviewed' : review,
        verdict: done ? review : '',
        reviewer: done ? script.REVIEWER.email : '',
        provider: provider ?? 'anthropic',
        request_id: call,
      };
    }),
  );
});

const tally = (list: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(list, (one) => one)]
      .map(([one, some]) => [one, some.length] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const acts = (list: readonly ToolCall[]): readonly string[] =>
  list.map(({ person, tool, outcome }) => `${person} ${tool} ${outcome}`);

describe('shell commands', () => {
  test('each once, though telemetry and hooks tell of it: by person and command', async () => {
    const found = await trail.ask('shell-commands');
    const said = found.map(
      ({ actor_email, actor_without_email, command, outcome }) =>
        `${actor_email}${actor_without_email} ${command} ${outcome}`,
    );
    const secret = script.SECRET_ACTS.map(({ target }) => target);
    const told = commandsRun(trail.day).map((one) => (secret.includes(one.tool) ? { ...one, tool: 'SECRET' } : one));
    expect(tally(said.map((line) => line.replace(/ (curl|psql) .*(?= success$)/, ' SECRET')))).toEqual(
      tally(acts(told)),
    );
  });
});

test('files touched', async () => {
  const found = (await trail.ask('files-touched')).filter(({ file }) => /^\/(work|srv)\//.test(String(file)));
  const told = Object.entries(
    Object.groupBy(
      filesTouched(trail.day).filter(({ tool }) => tool !== ''),
      ({ tool }) => tool.split(' ')[1] ?? '',
    ),
  ).map(([file, some = []]) => ({
    file,
    read: some.filter(({ tool, outcome }) => tool.startsWith('Read') && outcome !== 'denied').length,
    written: some.filter(({ tool, outcome }) => tool.startsWith('Edit') && outcome !== 'denied').length,
    denied: some.filter(({ outcome }) => outcome === 'denied').length,
    people: new Set(some.map(({ person }) => person)).size,
  }));
  const byFile = (a: Row, b: Row) => (String(a.file) < String(b.file) ? -1 : 1);
  expect(pick(found, 'file', 'read', 'written', 'denied', 'people').toSorted(byFile)).toEqual(told.toSorted(byFile));
});

test('MCP calls by tool and person, each once', async () => {
  const found = await trail.ask('mcp-calls');
  const told = Map.groupBy(mcpCalls(trail.day), ({ person, tool }) => `${tool} ${person}`);
  expect(
    Object.fromEntries(
      found.map(({ mcp_server, tool_name, person, calls, denied, failed }) => [
        `${mcp_server}/${tool_name} ${person}`,
        { calls, denied, failed },
      ]),
    ),
  ).toEqual(
    Object.fromEntries(
      [...told].map(([key, some]) => [
        key,
        {
          calls: some.length,
          denied: some.filter(({ outcome }) => outcome === 'denied').length,
          failed: some.filter(({ outcome }) => outcome === 'failure').length,
        },
      ]),
    ),
  );
});

test('models and routes', async () => {
  await expect(golden(await trail.ask('models'))).toMatchFileSnapshot('../golden/demo/models.json');
});

test('guardrails, in both modes', async () => {
  const found = await trail.ask('guardrails');
  expect(pick(found, 'guardrail', 'mode', 'verdict', 'hits', 'masked', 'last_at')).toEqual([
    {
      guardrail: 'bulk-export-block',
      mode: '',
      verdict: 'block',
      hits: 1,
      masked: null,
      last_at: at(script.PROMPT_BLOCKED),
    },
    {
      guardrail: 'inference_hooks',
      mode: 'validate',
      verdict: 'block',
      hits: 1,
      masked: null,
      last_at: at(script.HOOK_BLOCKED),
    },
    { guardrail: 'pii-masking', mode: 'mutate', verdict: 'mask', hits: 1, masked: 2, last_at: at(script.PII_MASKED) },
  ]);
});

test('a budget and a rate limit', async () => {
  const found = await trail.ask('budgets');
  expect(pick(found, 'occurred_at', 'stopped_by', 'actor_email')).toEqual([
    { occurred_at: at(script.RATE_LIMITED), stopped_by: 'rate limit', actor_email: script.RATE_LIMITED.email },
    { occurred_at: at(script.BUDGET_EXCEEDED), stopped_by: 'budget', actor_email: script.BUDGET_EXCEEDED.email },
  ]);
});

describe('costs', () => {
  test('chargeback, by team, project, person and model', async () => {
    const found = await trail.ask('chargeback');
    const told = Map.groupBy(charged(trail.day), ({ team, project, person, model }) =>
      [team, project, person, model].join('/'),
    );
    expect(
      Object.fromEntries(
        found.map(({ team, project, person, model, requests, prompt_tokens, completion_tokens, without_cost, usd }) => [
          [team, project, person, model].join('/'),
          { requests, prompt_tokens, completion_tokens, without_cost, micros: Math.round(Number(usd) * 1e6) },
        ]),
      ),
    ).toEqual(
      Object.fromEntries(
        [...told].map(([key, some]) => [
          key,
          {
            requests: some.length,
            prompt_tokens: some.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
            completion_tokens: some.reduce((sum, { completionTokens }) => sum + completionTokens, 0),
            without_cost: some.filter(({ microUsd }) => microUsd === undefined).length,
            micros: some.reduce((sum, { microUsd = 0 }) => sum + microUsd, 0),
          },
        ]),
      ),
    );
  });
});

test('unattributed', async () => {
  const found = await trail.ask('unattributed');
  expect(pick(found, 'claim', 'product')).toEqual([
    { claim: `actor:${script.NEVER_NAMED.installation}`, product: 'claude-code' },
    { claim: '', product: 'claude-apps-gateway' },
  ]);
  expect(byEmail(script.LATE_NAMED.email)).toBeDefined();
});

test('findings', async () => {
  const found = await trail.ask('findings', { from: '2020-01-01', to: '2140-01-01' });
  expect(pick(found, 'rule', 'what', 'person', 'events')).toEqual([]);
});
