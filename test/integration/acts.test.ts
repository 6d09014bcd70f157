import { afterAll, beforeAll, expect, test } from 'vitest';
import { acts } from '../../services/clickhouse/queries/acts.ts';
import { WINDOW } from '../../services/clickhouse/queries/query.ts';
import { openPipeline, type Pipeline } from '../support/pipeline.ts';

/** One act, however many tell of it; and two acts, however alike. */

let pipeline: Pipeline;
const time = new Date(Date.now() - 60_000).toISOString();
const SESSION = '77777777-7777-4777-8777-777777777777';

/** What a hook of Claude Code forwards of a command. */
const hook = (id: string, command: string) => ({
  claude_code_hook: {
    session_id: SESSION,
    hook_event_name: 'PostToolUse',
    tool_name: 'Bash',
    tool_input: { command },
    tool_response: 'done',
    tool_use_id: id,
  },
  time,
  host: 'hb-mara-01',
});

/** The same as an agent at the endpoint writes of it. */
const agent = (id: string, command: string, more: object = {}) => ({
  trailhouse: 1,
  time,
  action: 'shell.exec',
  outcome: 'success',
  session: SESSION,
  tool: { name: 'Bash' },
  tool_use_id: id,
  command,
  product: { name: 'claude-code' },
  ...more,
});

const mara = { actor: { kind: 'user', basis: 'email_claim', email: 'mara.lind@harbour.example' } };

beforeAll(async () => {
  pipeline = await openPipeline('acts');
  await pipeline.send('endpoint.hooks', [hook('toolu_1', 'ls'), hook('toolu_2', 'id'), hook('toolu_3', 'rm -rf /srv')]);
  // Before anybody is known in the session: what hooks tell of is then inferred to be nobody's.
  await pipeline.settled();
  await pipeline.send('endpoint.events', [
    agent('toolu_1', 'ls', mara),
    ...[agent('call_1', 'pwd'), agent('call_1', 'pwd')],
    agent('toolu_3', 'ls /srv'),
    ...[agent('', 'who'), agent('', 'who')],
    ...['one', 'two'].map((host) => agent('toolu_4', 'df', { session: undefined, client: { host } })),
  ]);
  await pipeline.settled();
});
afterAll(() => pipeline.close());

test('reports that agree are one act, by whom the surest of them names; all others stay', async () => {
  const rows = await pipeline.clickhouse.writer.rows(
    `SELECT command, count() AS times, max(actor_email) AS who, max(host) AS host FROM ${acts("action = 'shell.exec'")}
     GROUP BY command ORDER BY command`,
    WINDOW,
  );
  expect(rows).toEqual([
    { command: 'df', times: 2, who: '', host: 'two' },
    { command: 'id', times: 1, who: '', host: 'hb-mara-01' },
    { command: 'ls', times: 1, who: 'mara.lind@harbour.example', host: 'hb-mara-01' },
    { command: 'ls /srv', times: 1, who: '', host: '' },
    { command: 'pwd', times: 2, who: '', host: '' },
    { command: 'rm -rf /srv', times: 1, who: '', host: 'hb-mara-01' },
    { command: 'who', times: 2, who: '', host: '' },
  ]);
});
