import type { AuditEvent } from '../../services/core/event.ts';
import { plain } from './marks.ts';

/** Avro's encoder holds no more exactly. */
const LARGEST = 2 ** 52;
const LONG = 1_000_000;

/** A name that assignments would take for the prototype. */
const NAMES: Readonly<Record<string, string>> = JSON.parse(
  '{"__proto__":"x","constructor":"y","toString":"z","":"empty","a.b":"dot","a":"c","\\u0000":"\\ud800"}',
);

const texts = (text: string): Partial<AuditEvent> => ({
  ...Object.fromEntries(
    Object.entries(plain())
      .filter(([name, value]) => typeof value === 'string' && name !== 'event_id')
      .map(([name]) => [name, text]),
  ),
  file_paths: [text, text],
  actor_groups: [text],
  data_classes: [text],
  attributes: { [text]: text },
  personal_attributes: { [text]: text },
  guardrails: [
    { name: text, provider: text, phase: text, mode: text, verdict: text, categories: [text], masked_count: null },
  ],
});

const numbers = (integer: number, double: number): Partial<AuditEvent> => ({
  tokens_prompt: integer,
  tokens_completion: integer,
  tokens_cache_read: integer,
  tokens_cache_write: integer,
  cost_micro_usd: integer,
  status_code: integer,
  content_bytes: integer,
  latency_ms: double,
  time_to_first_token_ms: double,
});

const times = (micros: number): Partial<AuditEvent> => ({
  occurred_at: micros,
  received_at: micros,
  ingested_at: micros,
  retain_until: micros,
});

/** Events that can be stored and that no decent source sends. */
export const hostile: readonly (readonly [string, Partial<AuditEvent>])[] = [
  ['lone surrogates', texts('\ud800a\udfff')],
  ['NUL', texts('\0')],
  ['all control characters', texts(String.fromCharCode(...Array(33).keys(), 127, 0x85, 0x2028, 0x2029, 0xfeff))],
  ['markup of the receivers', texts('{"}],\\"\n{="a",b=~`x`%00%s<!--')],
  ['half an emoji at the end of a cut', texts(`${'a'.repeat(199)}🛑`)],
  ['ids of nothing', texts('0'.repeat(32))],
  ['names of prototypes', { attributes: NAMES, personal_attributes: NAMES }],
  [
    'a thousand attributes',
    { attributes: Object.fromEntries([...Array(1_000).keys()].map((i) => [`name ${i}`, 'x'])) },
  ],
  ['a long text', { command: 'x'.repeat(LONG) }],
  ['a long text of three bytes a character', { error_message: '☃'.repeat(LONG) }],
  ['a long text of control characters', { error_message: '\u0001'.repeat(LONG) }],
  ['a long attribute', { attributes: { ['n'.repeat(LONG / 2)]: 'v'.repeat(LONG / 2) } }],
  ['a hundred thousand paths', { file_paths: Array<string>(LONG / 10).fill('/etc/hosts') }],
  ['large numbers', numbers(LARGEST, 1e308)],
  ['numbers below zero', numbers(-LARGEST, -1e308)],
  ['small numbers', numbers(-1, Number.MIN_VALUE)],
  ['endless numbers', numbers(0, Infinity)],
  ['numbers that are none', numbers(0, Number.NaN)],
  ['nothing but zeros', { ...numbers(0, -0), ...times(0) }],
  ['times before all clocks', times(-1)],
  ['times at the beginning', times(-LARGEST)],
  ['times at the end', times(LARGEST)],
  ['a time that is past before it is received', { occurred_at: 1, ingested_at: LARGEST }],
  ['no word but its action', { ...texts(''), action: 'llm.request' }],
];
