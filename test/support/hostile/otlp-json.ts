import { altered, type Hostile, hostile, OTLP_JSON, said } from './message.ts';

const RECORD = {
  timeUnixNano: '1767607200000000000',
  body: { stringValue: 'claude_code.user_prompt' },
  attributes: [
    { key: 'event.name', value: { stringValue: 'user_prompt' } },
    { key: 'session.id', value: { stringValue: 's-1' } },
  ],
};

/** A sound export of one of Claude Code's events. */
export const EXPORT = {
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'claude-code' } }] },
      scopeLogs: [{ scope: { name: 'com.anthropic.claude_code.events' }, logRecords: [RECORD] }],
    },
  ],
};

const RECORD_PATH = ['resourceLogs', '0', 'scopeLogs', '0', 'logRecords', '0'];

/** OTLP/JSON that breaks its own rules. */
export function otlpJson(): readonly Hostile[] {
  return [...whole(), ...records(), ...values(), ...attributes()].map(([name, message]) =>
    hostile(
      OTLP_JSON,
      `OTLP/JSON: ${name}`,
      () => (typeof message === 'string' ? message : JSON.stringify(message)),
      /^[^:]+: \S/,
    ),
  );
}

type Named = readonly [name: string, message: unknown];

function whole(): Named[] {
  return [
    ['an empty object', {}],
    ['a list', [EXPORT]],
    ['two lines', `${JSON.stringify(EXPORT)}\n${JSON.stringify(EXPORT)}`],
    ['traces', { resourceSpans: [] }],
    ['metrics', { resourceMetrics: [] }],
    ['no resources', { resourceLogs: [] }],
    ['resourceLogs as text', { resourceLogs: 'none' }],
    ['resourceLogs as object', { resourceLogs: { 0: {} } }],
    ['a number among the resources', { resourceLogs: [1] }],
    ['no scopes', { resourceLogs: [{ scopeLogs: [] }] }],
    ['scopeLogs as text', { resourceLogs: [{ scopeLogs: 'x' }] }],
    ['no records', { resourceLogs: [{ scopeLogs: [{ logRecords: [] }] }] }],
    ['null among the records', { resourceLogs: [{ scopeLogs: [{ logRecords: [null] }] }] }],
    ['a list among the records', { resourceLogs: [{ scopeLogs: [{ logRecords: [[]] }] }] }],
    ['a field in both spellings', { ...EXPORT, resource_logs: EXPORT.resourceLogs }],
  ];
}

function records(): Named[] {
  const wrong: readonly (readonly [string, ...unknown[]])[] = [
    [
      'timeUnixNano',
      'yesterday',
      '-1',
      '1.5',
      '2026-01-05T10:00:00Z',
      {},
      true,
      '99999999999999999999',
      '18446744073709551616',
    ],
    ['observedTimeUnixNano', 'x', []],
    ['severityNumber', 'INFO', -1, 1.5, {}],
    ['severityText', 1, {}],
    ['traceId', 'abc', 'zz'.repeat(16), '0af7651916cd43dd8448eb211c80319c00', 1],
    ['spanId', 'abc', 'b7ad6b7169203331ff', 1],
    ['flags', -1, 'x', 2 ** 33],
    ['attributes', {}, 'x', [1], [null], [{ key: 1 }]],
    ['body', 'text', 1, []],
  ];
  return wrong.flatMap(([field, ...all]) =>
    all.map((value): Named => [`${field} is ${said(value)}`, altered(EXPORT, [...RECORD_PATH, field], value)]),
  );
}

function values(): Named[] {
  const deep = (levels: number): unknown =>
    Array.from({ length: levels }).reduce((inner) => ({ arrayValue: { values: [inner] } }), { intValue: '1' });
  const wrong: readonly unknown[] = [
    { stringValue: 1 },
    { boolValue: 'true' },
    { intValue: 'x' },
    { intValue: '1.5' },
    { intValue: '9223372036854775808' },
    { doubleValue: 'NaN' },
    { doubleValue: 'x' },
    { bytesValue: '%%%' },
    { arrayValue: [] },
    { arrayValue: { values: {} } },
    { kvlistValue: { values: 'x' } },
    { stringValue: 'x', intValue: '1' },
    { dateValue: '2026-01-05' },
    { stringValue: 'a\0b' },
    deep(40),
  ];
  return wrong.map(
    (value): Named => [
      `a value ${said(value)}`,
      altered(EXPORT, [...RECORD_PATH, 'attributes'], [...RECORD.attributes, { key: 'x', value }]),
    ],
  );
}

function attributes(): Named[] {
  const [name, session] = RECORD.attributes;
  const withAttributes = (...all: readonly unknown[]) => altered(EXPORT, [...RECORD_PATH, 'attributes'], all);
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  return [
    ['an attribute twice', withAttributes(name, session, session)],
    ['an attribute with a field too many', withAttributes(name, { ...session, type: 'x' })],
    ['an attribute named __proto__', withAttributes(name, text('__proto__', 'x'))],
    ['tokens below zero', withAttributes(name, session, text('input_tokens', '-5'))],
    ['tokens in words', withAttributes(name, session, text('input_tokens', 'many'))],
    ['a cost in words', withAttributes(name, session, text('cost_usd', 'free'))],
    ['a duration below zero', withAttributes(name, session, { key: 'duration_ms', value: { doubleValue: -1 } })],
    ['success that is neither', withAttributes(name, session, text('success', 'perhaps'))],
    ['a timestamp that is none', withAttributes(name, session, text('event.timestamp', '2026-02-30T10:00:00Z'))],
    ['a session that is a number', withAttributes(name, { key: 'session.id', value: { intValue: '7' } })],
    [
      'an event name that is a list',
      withAttributes({ key: 'event.name', value: { arrayValue: { values: [] } } }, session),
    ],
  ];
}
