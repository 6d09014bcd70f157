import { type Message, MINUTE } from './message.ts';

/** Messages that arrive broken, as they do: each ends in quarantine with a reason that names the place. */
export function broken(day: number): Message[] {
  const bytes = (topic: string, minute: number, value: Uint8Array | string): Message => ({
    topic,
    at: day + minute * MINUTE,
    value: typeof value === 'string' ? Buffer.from(value) : value,
  });
  return [
    bytes('gateway.events', 501, '{"id":"chatcmpl-1","model":"claude-opus-5","startTime":17'),
    bytes('gateway.events', 540, Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0x22, 0x7d])),
    bytes('gateway.events', 615, '<html><body>502 Bad Gateway</body></html>'),
    bytes('mcp.events', 662, '{"hello":"world"}'),
    bytes(
      'mcp.events',
      701,
      `{"trailhouse":1,"time":"${new Date(day).toISOString()}","action":"mcp.tool.cal","outcome":"success"}`,
    ),
    bytes('endpoint.events', 745, '{"trailhouse":1,"action":"file.read","outcome":"success","time":"yesterday"}'),
    bytes(
      'endpoint.events',
      803,
      '{"trailhouse":1,"action":"shell.exec","outcome":"success","tokens":{"prompt":9007199254740993}}',
    ),
    bytes('endpoint.otlp', 866, Buffer.from([0x0a, 0xff, 0x01, 0x12, 0x03])),
    bytes('endpoint.otlp_json', 921, '{"resourceLogs":"none"}'),
    bytes('compliance.events', 990, '[1,2,3]'),
  ];
}
