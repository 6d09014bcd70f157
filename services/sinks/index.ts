import type { SinkKind } from '../core/sink.ts';
import { datadog } from './datadog/index.ts';
import { loki } from './loki/index.ts';
import { otlpLogs, otlpTraces } from './otlp/index.ts';
import { splunk } from './splunk/index.ts';

/** Every kind of receiver there is. A new one is a folder and a line. */
export const sinks: readonly SinkKind[] = [splunk, datadog, loki, otlpLogs, otlpTraces];
