import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { type Delivery, defineSink, type Tools } from '../../core/sink.ts';
import { gzipped } from '../http.ts';
import { ProtoWriter } from '../proto-writer.ts';
import { answerOf, judge } from './answer.ts';
import { config, headersOf, type Settings, urlOf } from './config.ts';
import { logsDialect, tracesDialect } from './dialect.ts';
import { type Origin, openEncoder } from './encode.ts';
import { otelDefaults } from './environment.ts';
import { openExchange } from './exchange.ts';
import { bytesOf, spanMaker } from './spans.ts';

/** The version is that of the names in columns.ts: raised when one changes its meaning. */
const SCOPE = { name: 'trailhouse', version: '1' };

function originOf({ service_name, resource }: Settings, { replay }: Tools): Origin {
  return { resource: { ...resource, 'service.name': service_name }, scope: SCOPE, replay };
}

/** What most bodies stay below, to spare the buffer its growth. */
const USUAL_BYTES = 4_194_304;

/** Every event as a log record, to any receiver of OTLP over HTTP: an OpenTelemetry Collector, a vendor's intake. */
export const otlpLogs = defineSink({
  name: 'otlp-logs',
  limits: { events: 1_000, bytes: 1_000_000, concurrency: 4 },
  config,
  dialect: logsDialect,
  defaults: (settings, environment) => otelDefaults('logs', settings, environment),

  open(settings, tools) {
    const url = urlOf(settings, 'v1/logs');
    const encode = openEncoder(originOf(settings, tools));
    const isZipped = settings.compression === 'gzip';
    const packed = async (plain: Buffer<ArrayBuffer>) => (isZipped ? gzipped(plain) : Buffer.from(plain));
    /** Used again, for memory that is new to a process costs it page faults. */
    const writers: ProtoWriter[] = [];

    return {
      attemptMs: settings.timeout_ms,

      async deliver(batch, signal) {
        const writer = writers.pop() ?? new ProtoWriter(USUAL_BYTES);
        const plain = encode(batch, writer);
        const isTaken = batch.length === 1 || plain.length <= settings.max_body_bytes;
        const body = isTaken ? await packed(plain) : undefined;
        writers.push(writer);
        if (body === undefined) return tooLarge(plain.length);
        const response = await tools.fetch(url, {
          method: 'POST',
          redirect: 'manual',
          headers: {
            ...(await headersOf(settings, tools.secret)),
            'content-type': 'application/x-protobuf',
            ...(isZipped ? { 'content-encoding': 'gzip' } : {}),
          },
          body,
          signal,
        });
        return judge(await answerOf(response), 'protobuf', batch.length, tools.clock.now());
      },

      async close() {},
    };
  },
});

/** Every event as a span, the events of one prompt as one trace, through OpenTelemetry's own exporter. */
export const otlpTraces = defineSink({
  name: 'otlp-traces',
  limits: { events: 500, bytes: 500_000, concurrency: 4 },
  config,
  dialect: tracesDialect,
  defaults: (settings, environment) => otelDefaults('traces', settings, environment),

  open(settings, tools) {
    const url = urlOf(settings, 'v1/traces');
    const { compression } = settings;
    const spanOf = spanMaker(originOf(settings, tools));

    return {
      attemptMs: settings.timeout_ms,

      async deliver(batch, signal) {
        const spans = Array.from(batch, spanOf);
        const bytes = bytesOf(spans);
        if (batch.length > 1 && bytes > settings.max_body_bytes) return tooLarge(bytes);
        const headers = await headersOf(settings, tools.secret);
        const exchange = openExchange(tools.agent(url.protocol), Object.keys(headers), signal);
        // One for each batch: an exporter keeps the agent it was given first, and by the agent the answers are told apart.
        const exporter = new OTLPTraceExporter({
          url: url.href,
          headers,
          ...(isAlgorithm(compression) ? { compression } : {}),
          timeoutMillis: settings.timeout_ms,
          httpAgentOptions: () => exchange.agent,
        });
        exporter.export(spans, exchange.ended);
        return judge(await exchange.answer, 'json', batch.length, tools.clock.now());
      },

      async close() {},
    };
  },
});

type Algorithm = NonNullable<NonNullable<ConstructorParameters<typeof OTLPTraceExporter>[0]>['compression']>;

/** The settings' words are the exporter's, but it keeps their enum to itself. Left out, a variable would decide. */
const isAlgorithm = (name: string): name is Algorithm => name === 'gzip' || name === 'none';

const tooLarge = (bytes: number): Delivery => ({ kind: 'refused', reason: `${bytes} bytes exceed max_body_bytes` });
