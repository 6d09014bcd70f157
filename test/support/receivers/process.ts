import { openDatadogReceiver } from './datadog.ts';
import { openLokiReceiver } from './loki.ts';
import { openOtlpReceiver } from './otlp.ts';
import { openSplunkReceiver } from './splunk.ts';

/** A receiver in a process of its own: `node process.ts KIND`. Told anything over IPC, it says what it cost and kept so far. */

const open: Readonly<Record<string, () => Promise<{ readonly url: string; accepted(): readonly unknown[] }>>> = {
  splunk: () => openSplunkReceiver(),
  datadog: () => openDatadogReceiver(),
  loki: () => openLokiReceiver(),
  'otlp-logs': () => openOtlpReceiver(),
  'otlp-traces': () => openOtlpReceiver(),
};

const [kind = ''] = process.argv.slice(2);
const receiver = await open[kind]?.();
if (receiver === undefined) throw new Error(`no receiver ${kind}`);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000, kept: receiver.accepted().length });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: receiver.url });
