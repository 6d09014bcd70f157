import { expect, test } from 'vitest';
import { story } from '../../../services/processes/commands/story.ts';

const PLAIN = { width: undefined, color: false };

const row = (at: string, action: string, more: object = {}) => ({
  occurred_at: `2026-03-04 ${at}.000000`,
  surface: 'cli',
  product: 'claude-code',
  action,
  outcome: 'success',
  actor_confidence: 'verified',
  tool: '',
  what: '',
  cost_micro_usd: null,
  latency_ms: null,
  session_id: 's-1',
  ...more,
});

test('tells sessions one after the other, with an overview and the hours of the day', () => {
  const rows = [
    row('09:15:01', 'llm.prompt'),
    row('09:15:03', 'llm.request', { what: 'claude-opus-5', cost_micro_usd: 12_300, latency_ms: 2_140 }),
    row('09:15:09', 'file.read', { tool: 'Read', what: 'src/app.ts' }),
    row('09:15:10', 'file.read', { tool: 'Read', what: 'src/app.ts' }),
    row('10:02:00', 'session.start', {
      surface: 'web',
      product: 'claude.ai',
      session_id: '',
      actor_confidence: 'inferred',
    }),
    row('10:20:00', 'permission.decision', { tool: 'Read', what: '.env', outcome: 'denied' }),
  ];
  expect(
    story(rows, 'mara@harbour.example', PLAIN),
  ).toBe(`mara@harbour.example: 2026-03-04 09:15 to 2026-03-04 10:20 UTC
6 events in 2 sessions; 1 denied, $0.0123 as the events say it

hour (UTC)  00    06    12    18
events      .........█▄.............  at most 4 an hour
denied      ..........1.............

session s-1  cli claude-code  5 events, 2026-03-04 09:15 to 10:20; 1 denied, $0.0123 as the events say it
  09:15:01  prompt     
  09:15:03  model        claude-opus-5  2.1 s  $0.0123
  09:15:09  read         Read  src/app.ts  ×2
  10:20:00  permission   Read  .env  denied

web claude.ai, no session  1 event, 2026-03-04 10:02 to 10:02
  10:02:00  session.start  person inferred
`);
});

test('nothing that was stored acts on the terminal', () => {
  const text = story([row('09:00:00', 'shell.exec', { what: 'echo \u001b[31mred\n' })], '\u202eevil', PLAIN);
  expect(text).toContain('echo \\u{1b}[31mred\\u{a}');
  expect(text.startsWith('\\u{202e}evil')).toBe(true);
});

test('nothing is told of nothing', () => expect(story([], 'nobody', PLAIN)).toBe(''));
