import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatadogReceiver } from '../receivers/datadog.ts';
import { openLokiReceiver } from '../receivers/loki.ts';
import { openOtlpReceiver } from '../receivers/otlp.ts';
import { openSplunkReceiver } from '../receivers/splunk.ts';

/** One of each kind, shown everything a receiver may be shown. */
export interface Receivers {
  /** `sinks` of the configuration. */
  readonly settings: Readonly<Record<string, object>>;
  /** What each has, as text. */
  held(): ReadonlyMap<string, { readonly count: number; readonly text: string }>;
  /** Turns the next batch of one down, so that something is buried. */
  misbehave(): void;
  close(): Promise<void>;
}

export async function openReceivers(folder: string): Promise<Receivers> {
  const secret = (name: string, value: string): { readonly file: string } => {
    const file = join(folder, name);
    writeFileSync(file, value);
    return { file };
  };
  const splunk = await openSplunkReceiver();
  const datadog = await openDatadogReceiver();
  const loki = await openLokiReceiver();
  const [logs, traces] = [await openOtlpReceiver(), await openOtlpReceiver()];
  const all = { splunk, datadog, loki, 'otlp-logs': logs, 'otlp-traces': traces };
  const clear = { personal: 'clear' };
  return {
    settings: {
      splunk: { kind: 'splunk', url: splunk.url, token: secret('hec', 'hec-token'), ...clear },
      datadog: { kind: 'datadog', url: datadog.url, api_key: secret('dd', 'dd-key'), ...clear },
      loki: { kind: 'loki', url: loki.url, ...clear },
      'otlp-logs': { kind: 'otlp-logs', endpoint: logs.url, ...clear },
      'otlp-traces': { kind: 'otlp-traces', endpoint: traces.url, ...clear },
    },
    held: () =>
      new Map(
        Object.entries(all).map(([name, receiver]) => {
          const kept = receiver.accepted();
          return [name, { count: kept.length, text: JSON.stringify(kept, legible) }];
        }),
      ),
    misbehave: () => splunk.script({ kind: 'hec', code: 12 }),
    async close() {
      for (const receiver of Object.values(all)) await receiver.close();
    },
  };
}

const legible = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
