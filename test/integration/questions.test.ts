import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { named } from '../../services/processes/demo/company.ts';
import * as script from '../../services/processes/demo/script.ts';
import { commandsRun, filesTouched, mcpCalls, refused } from '../support/demo-acts.ts';
import { charged, chargedTo } from '../support/demo-costs.ts';
import { type DemoTrail, openDemoTrail } from '../support/demo-trail.ts';
import { columns, golden, grouped, sum, tally } from '../support/rows.ts';

/** Every question of the demo day, with the answer that its script and its players give: none is computed by the query. */

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

describe('what was done', () => {
  test('production configuration: changed by these, and the change that was turned down is none', async () => {
    const found = await trail.ask('config-changes');
    const shown = columns(found, 'occurred_at', 'actor_email', 'action', 'outcome', 'changed', 'session_id');
    expect(shown).toEqual(
      script.CONFIG_CHANGES.map((change) => ({
        occurred_at: at(change),
        actor_email: change.email,
        action: change.action,
        outcome: change.outcome,
        changed: change.target,
        session_id: change.session,
      })),
    );
  });

  test('what the AI tools accessed', async () => {
    await expect(golden(await trail.ask('accessed'), trail.day)).toMatchFileSnapshot('../golden/demo/accessed.json');
  });

  test('shell commands: each once, though telemetry and hooks both tell of it', async () => {
    const found = await trail.ask('shell-commands');
    const pasted = script.SECRET_ACTS.map(({ target }) => target);
    const told = commandsRun(trail.day).map(({ person, tool, outcome }) =>
      pasted.includes(tool) ? `${person} ${outcome} a secret` : `${person} ${outcome} ${tool}`,
    );
    const asked = found.map(
      ({ actor_email, actor_without_email, outcome, command }) =>
        `${actor_email}${actor_without_email} ${outcome} ${/\[masked:/.test(String(command)) ? 'a secret' : command}`,
    );
    expect(tally(asked)).toEqual(tally(told));
    for (const { email, target, session, ...act } of [script.BYPASSED_COMMAND, script.DENIED_CHANGE]) {
      const shown = { occurred_at: at(act), actor_email: email, session_id: session, outcome: act.outcome };
      expect(found.filter(({ command }) => command === target)).toEqual([expect.objectContaining(shown)]);
    }
  });

  test('files touched: read, written and denied, by how many', async () => {
    const found = (await trail.ask('files-touched')).filter(({ file }) => /^\/(work|srv)\//.test(String(file)));
    const asked = found.map(({ file, read, written, denied, people }) => [file, { read, written, denied, people }]);
    expect(Object.fromEntries(asked)).toEqual(filesTouched(trail.day));
  });

  test('MCP calls, by tool and person: each once, though the client and a proxy both tell of it', async () => {
    const found = await trail.ask('mcp-calls');
    const asked = found.map(({ mcp_server, tool_name, person, calls, denied, failed }) => [
      ...[`${mcp_server}/${tool_name} ${person}`, { calls, denied, failed }],
    ]);
    expect(Object.fromEntries(asked)).toEqual(mcpCalls(trail.day));
  });

  test('models and the ways to them', async () => {
    await expect(golden(await trail.ask('models'), trail.day)).toMatchFileSnapshot('../golden/demo/models.json');
  });
});

describe('what was held back', () => {
  test('denied: every refusal once, none besides', async () => {
    const found = await trail.ask('denied');
    const asked = found.map(
      ({ actor_email, occurred_at }) => `${actor_email} ${new Date(`${occurred_at}Z`).toISOString()}`,
    );
    expect(tally(asked)).toEqual(tally(refused(trail.day)));
    const shown = columns(found, 'occurred_at', 'actor_email', 'action', 'what', 'decision_source');
    for (const read of script.DENIED_ENV_READS)
      expect(shown).toContainEqual({
        ...{ occurred_at: at(read), actor_email: read.email, action: 'permission.decision' },
        ...{ what: read.target, decision_source: 'config' },
      });
    const server = { occurred_at: at(script.UNAPPROVED_DENIED), what: script.UNAPPROVED_SERVER };
    expect(shown).toContainEqual(expect.objectContaining({ ...server, action: 'mcp.server.connect' }));
  });

  test('guardrails, in both modes', async () => {
    const found = await trail.ask('guardrails');
    expect(columns(found, 'guardrail', 'mode', 'verdict', 'hits', 'masked', 'last_at')).toEqual([
      ...[
        {
          guardrail: 'bulk-export-block',
          mode: '',
          verdict: 'block',
          hits: 1,
          masked: null,
          last_at: at(script.PROMPT_BLOCKED),
        },
      ],
      ...[
        {
          guardrail: 'inference_hooks',
          mode: 'validate',
          verdict: 'block',
          hits: 1,
          masked: null,
          last_at: at(script.HOOK_BLOCKED),
        },
      ],
      ...[
        {
          guardrail: 'pii-masking',
          mode: 'mutate',
          verdict: 'mask',
          hits: 1,
          masked: 2,
          last_at: at(script.PII_MASKED),
        },
      ],
    ]);
  });

  test('budgets and rate limits', async () => {
    const found = await trail.ask('budgets');
    expect(columns(found, 'occurred_at', 'stopped_by', 'actor_email')).toEqual([
      { occurred_at: at(script.RATE_LIMITED), stopped_by: 'rate limit', actor_email: script.RATE_LIMITED.email },
      { occurred_at: at(script.BUDGET_EXCEEDED), stopped_by: 'budget', actor_email: script.BUDGET_EXCEEDED.email },
    ]);
  });
});

test('PHI: reviewed, exempt, due and overdue', async () => {
  const found = await trail.ask('phi');
  const shown = columns(found, 'occurred_at', 'actor_email', 'review', 'verdict', 'reviewer', 'provider', 'request_id');
  const inOrder = script.PHI_CALLS.toSorted((a, b) => a.minute - b.minute);
  expect(shown).toEqual(
    inOrder.map(({ call, email, minute, review, provider = 'anthropic' }) => {
      const waiting = review === 'due' || review === 'overdue';
      return {
        ...{ occurred_at: at({ minute }), actor_email: email, provider, request_id: call },
        review: waiting || review === 'exempt' ? review : 'reviewed',
        ...(waiting ? { verdict: '', reviewer: '' } : { verdict: review, reviewer: script.REVIEWER.email }),
      };
    }),
  );
});

describe('what it cost', () => {
  test('by team, project, person and model: each call once, however many report it', async () => {
    const asked = (await trail.ask('chargeback')).map(({ team, project, person, model, cached_tokens, ...spent }) => [
      ...[[team, project, person, model].join(' | '), spent],
    ]);
    expect(Object.fromEntries(asked)).toEqual(chargedTo(trail.day));
  });

  test('chargeback as CSV adds up to what was spent', async () => {
    const [header = '', ...lines] = (await trail.text('chargeback', 'CSVWithNames')).trim().split('\n');
    expect(header).toBe(
      '"team","project","person","model","requests","prompt_tokens","cached_tokens","completion_tokens","without_cost","usd"',
    );
    const usd = lines.map((line) => Number(line.split(',').at(-1)));
    expect(Math.round(sum(usd) * 1e6)).toBe(sum(charged(trail.day).map(({ microUsd = 0 }) => microUsd)));
  });

  test('by team', async () => {
    const found = await trail.ask('costs-by-team');
    const asked = grouped(
      found,
      ({ actor_team }) => String(actor_team),
      (some) => Math.round(sum(some.map(({ usd }) => Number(usd))) * 1e6),
    );
    const told = grouped(
      charged(trail.day),
      ({ team }) => team,
      (some) => sum(some.map(({ microUsd = 0 }) => microUsd)),
    );
    expect(asked).toEqual(told);
  });
});

test.each(['chargeback', 'costs-by-team', 'attribution'])(
  '%s: the day as it is rolled up is the day of the trail',
  async (name) => {
    const [day] = await trail.rolledDays();
    expect(day).toBe(new Date(trail.day).toISOString().slice(0, 10));
    // A window that does not begin with a day is asked of the trail.
    const minuteBefore = new Date(trail.day - 60_000).toISOString();
    expect(await trail.ask(name)).toEqual(await trail.ask(name, { from: minuteBefore }));
  },
);

describe('who it was', () => {
  test('nobody knows the installation that no gateway names; a restart is the gateway’s own doing', async () => {
    expect(columns(await trail.ask('unattributed'), 'claim', 'product', 'events')).toEqual([
      { claim: `actor:${script.NEVER_NAMED.installation}`, product: 'claude-code', events: 8 },
    ]);
  });

  test('a session that the gateway named later is put down to its person throughout, as an inference', async () => {
    const found = await trail.ask('timeline', { session: script.LATE_NAMED.session });
    expect(new Set(found.map(({ actor_email }) => actor_email))).toEqual(new Set([script.LATE_NAMED.email]));
    const sure = (product: string) =>
      new Set(found.filter((row) => row.product === product).map((row) => row.actor_confidence));
    expect(sure('claude-code')).toEqual(new Set(['inferred']));
    expect(sure('litellm')).toEqual(new Set(['verified']));
  });

  test('shares of confidence', async () => {
    const found = await trail.ask('attribution');
    const shares = grouped(
      found,
      ({ actor_confidence }) => String(actor_confidence),
      (some) => sum(some.map(({ events }) => Number(events))),
    );
    expect(shares).toEqual({ verified: 9196, claimed: 8795, inferred: 2300, none: 1 });
  });
});

test('findings: what the script tells of, and nothing else', async () => {
  const found = await trail.ask('findings', { from: '2010-01-01', to: '2140-01-01' });
  const [unconfirmed] = script.PHI_UNCONFIRMED;
  const overdue = script.PHI_CALLS.find(({ review }) => review === 'overdue');
  expect(
    columns(found, 'rule', 'what', 'person', 'events').toSorted((a, b) => (String(a.rule) < String(b.rule) ? -1 : 1)),
  ).toEqual([
    { rule: 'key-too-old', what: script.OLD_KEY.alias, person: script.OLD_KEY.alias, events: 1 },
    {
      rule: 'mcp-server-not-approved',
      what: script.UNAPPROVED_SERVER,
      person: script.UNAPPROVED_USED.email,
      events: 2,
    },
    { rule: 'model-not-allowed', what: script.MODEL_OUTSIDE.model, person: script.MODEL_OUTSIDE.email, events: 1 },
    { rule: 'phi-without-zero-retention', what: unconfirmed?.provider, person: unconfirmed?.email, events: 1 },
    { rule: 'review-overdue', what: 'claude-sonnet-5', person: overdue?.email, events: 1 },
    {
      rule: 'transcripts-outside-policy',
      what: `${script.TRANSCRIPTS_KEPT.days} days`,
      person: script.TRANSCRIPTS_KEPT.email,
      events: 1,
    },
    { rule: 'use-after-deprovisioning', what: 'litellm', person: named('Victor').email, events: 1 },
  ]);
});
