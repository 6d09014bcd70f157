import { expect, test } from 'vitest';
import { otlpLogs, otlpTraces } from '../../../services/sinks/otlp/index.ts';
import { openOtlpReceiver } from '../../support/receivers/otlp.ts';
import { sinkTools } from '../../support/sink-tools.ts';
import { FULL } from './events.ts';

test.each([otlpLogs, otlpTraces])('every column is at $name under the name the dialect gives it', async (kind) => {
  const receiver = await openOtlpReceiver();
  await kind.open({ endpoint: receiver.url }, sinkTools()).deliver([FULL], new AbortController().signal);
  await receiver.close();
  const [kept] = receiver.accepted();
  const camel = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const fields = Object.entries(kept?.received ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name]) => camel(name));
  const there = new Set([...fields, ...Object.keys(kept?.attributes ?? {})]);

  for (const [column, name] of Object.entries(kind.dialect)) {
    const isThere = [...there].some((one) =>
      typeof name === 'string' && name.endsWith('*') ? one.startsWith(name.slice(0, -1)) : one === name,
    );
    expect(isThere, `${column} as ${name}`).toBe(true);
  }
});
