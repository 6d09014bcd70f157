import { styleText } from 'node:util';
import { z } from 'zod';
import { neutral, type Row, type Screen } from './render.ts';

const step = z.object({
  /** ClickHouse's own writing of a time, in UTC: `2026-03-04 09:15:00.000000`. */
  occurred_at: z.string(),
  surface: z.string(),
  product: z.string(),
  action: z.string(),
  outcome: z.string(),
  actor_confidence: z.string(),
  tool: z.string(),
  what: z.string(),
  cost_micro_usd: z.number().nullable(),
  latency_ms: z.number().nullable(),
  session_id: z.string(),
});
type Step = z.output<typeof step>;

/** What an action reads like in a story; others read as they are called. */
const VERBS: Readonly<Record<string, string>> = {
  'llm.prompt': 'prompt',
  'llm.request': 'model',
  'llm.response': 'answer',
  'llm.refusal': 'refusal',
  'mcp.tool.call': 'mcp tool',
  'mcp.server.connect': 'mcp connect',
  'mcp.request': 'mcp',
  'tool.call': 'tool',
  'shell.exec': 'run',
  'file.read': 'read',
  'file.write': 'write',
  'file.upload': 'upload',
  'network.request': 'fetch',
  'permission.decision': 'permission',
  'guardrail.fired': 'guardrail',
};

/** Rows of the timeline as a story: an overview, the hours of the days, then session by session what was done. */
export function story(rows: readonly Row[], title: string, screen: Screen): string {
  const steps = rows.map((row) => step.parse(row));
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return '';
  const bold = (text: string): string => (screen.color ? styleText('bold', text) : text);
  const sessions = [...Map.groupBy(steps, ({ session_id, surface, product }) => session_id || `${surface} ${product}`)];
  const lines = [
    bold(`${neutral(title)}: ${minute(first)} to ${minute(last)} UTC`),
    `${counted(steps.length, 'event')} in ${counted(sessions.length, 'session')}${summary(steps)}`,
    '',
    ...hours(steps),
    ...sessions.flatMap(([name, of]) => ['', bold(heading(name, of)), ...told(of, screen)]),
  ];
  return `${lines.join('\n')}\n`;
}

const dayOf = (one: Step | undefined): string => one?.occurred_at.slice(0, 10) ?? '';
const minute = ({ occurred_at }: Step): string => occurred_at.slice(0, 16);
const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function summary(steps: readonly Step[]): string {
  const of = (outcome: string): number => steps.filter((one) => one.outcome === outcome).length;
  const micros = steps.reduce((sum, { cost_micro_usd }) => sum + (cost_micro_usd ?? 0), 0);
  const said = [
    of('denied') > 0 ? `${of('denied')} denied` : '',
    of('failure') > 0 ? `${of('failure')} failed` : '',
    micros > 0 ? `${dollars(micros)} as the events say it` : '',
  ].filter((text) => text !== '');
  return said.length === 0 ? '' : `; ${said.join(', ')}`;
}

const dollars = (micros: number): string => `$${(micros / 1_000_000).toFixed(micros < 1_000_000 ? 4 : 2)}`;

const BARS = ['.', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** One bar an hour of the day, and where something was denied the digit of how often. */
function hours(steps: readonly Step[]): readonly string[] {
  const count = (of: readonly Step[]): readonly number[] =>
    Array.from({ length: 24 }, (_, hour) => of.filter((one) => Number(one.occurred_at.slice(11, 13)) === hour).length);
  const all = count(steps);
  const denied = count(steps.filter(({ outcome }) => outcome === 'denied'));
  const peak = Math.max(...all);
  const bars = all.map((one) => BARS[Math.ceil((one / peak) * (BARS.length - 1))] ?? '.').join('');
  const scale =
    `hour (UTC)  ${[0, 6, 12, 18].map((hour) => String(hour).padStart(2, '0').padEnd(6)).join('')}`.trimEnd();
  const rows = [scale, `events      ${bars}  at most ${peak} an hour`];
  if (denied.every((one) => one === 0)) return rows;
  return [...rows, `denied      ${denied.map((one) => (one === 0 ? '.' : one > 9 ? '+' : String(one))).join('')}`];
}

function heading(name: string, steps: readonly Step[]): string {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return '';
  const whose = first.session_id === '' ? `${name.trim() || 'elsewhere'}, no session` : `session ${first.session_id}`;
  const places = [...new Set(steps.map(({ surface, product }) => [surface, product].filter(Boolean).join(' ')))];
  const where = first.session_id === '' ? '' : `  ${places.filter((place) => place !== '').join(', ')}`;
  return `${neutral(`${whose}${where}`)}  ${counted(steps.length, 'event')}, ${minute(first)} to ${dayOf(first) === dayOf(last) ? last.occurred_at.slice(11, 16) : minute(last)}${summary(steps)}`;
}

/** Steps in order; what is done again at once is told once. */
function told(steps: readonly Step[], screen: Screen): readonly string[] {
  const lines: { text: string; day: string; at: string; times: number; outcome: string }[] = [];
  for (const one of steps) {
    const [text, day, last] = [sentence(one), dayOf(one), lines.at(-1)];
    if (last?.text === text && last.day === day) last.times++;
    else lines.push({ text, day, at: one.occurred_at.slice(11, 19), times: 1, outcome: one.outcome });
  }
  return lines.flatMap(({ text, day, at, times, outcome }, index) => {
    const line = `  ${at}  ${text}${times > 1 ? `  ×${times}` : ''}`;
    const shown = screen.color && outcome === 'denied' ? styleText('red', line) : line;
    const before = index === 0 ? dayOf(steps[0]) : lines[index - 1]?.day;
    return day === before ? [shown] : [`  ${day}`, shown];
  });
}

function sentence({ action, outcome, tool, what, cost_micro_usd, latency_ms, actor_confidence }: Step): string {
  const verb = (VERBS[action] ?? action).padEnd(11);
  const came = outcome === 'success' ? '' : outcome;
  const measured = action === 'llm.request' && latency_ms !== null ? `${(latency_ms / 1000).toFixed(1)} s` : '';
  const cost = cost_micro_usd === null ? '' : dollars(cost_micro_usd);
  const sure = actor_confidence === 'inferred' ? 'person inferred' : '';
  const told = what === tool ? [what] : [tool, what];
  return [verb, ...told.map(neutral), came, measured, cost, sure].filter((text) => text !== '').join('  ');
}
