import { describe, expect, test } from 'vitest';
import { otelDefaults } from '../../../services/sinks/otlp/environment.ts';
import { otlpLogs } from '../../../services/sinks/otlp/index.ts';
import { sinkTools } from '../../support/sink-tools.ts';
import { some } from './events.ts';

const open = (settings: unknown) => otlpLogs.open(settings, sinkTools());

describe('settings', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['no address', {}, /endpoint/],
    ['two addresses', { endpoint: 'https://a.example', url: 'https://a.example/v1/logs' }, /endpoint/],
    ['no URL', { endpoint: 'collector:4318' }, /endpoint/],
    ['a password in the address', { endpoint: 'https://u:p@a.example' }, /endpoint/],
    ['a misspelt key', { endpoint: 'https://a.example', header: {} }, /header/],
    ['a secret in the configuration', { endpoint: 'https://a.example', headers: { 'dd-api-key': 'abc' } }, /headers/],
    [
      'a header of the sink’s own',
      { endpoint: 'https://a.example', headers: { 'Content-Type': { env: 'A' } } },
      /sets itself/,
    ],
    ['another compression', { endpoint: 'https://a.example', compression: 'zstd' }, /compression/],
    ['no time at all', { endpoint: 'https://a.example', timeout_ms: 0 }, /timeout_ms/],
  ])('%s is an error', (_name, settings, message) => {
    expect(() => open(settings)).toThrow(message);
  });

  test.each([
    [{ endpoint: 'https://a.example' }, 'https://a.example/v1/logs'],
    [{ endpoint: 'https://a.example/' }, 'https://a.example/v1/logs'],
    [{ endpoint: 'https://a.example/otlp/?tenant=1' }, 'https://a.example/otlp/v1/logs?tenant=1'],
    [{ url: 'https://a.example/api/v2/otlp' }, 'https://a.example/api/v2/otlp'],
  ])('%j goes to %s', async (settings, expected) => {
    const seen: string[] = [];
    const sink = otlpLogs.open(
      settings,
      sinkTools({
        fetch: async (url) => {
          seen.push(String(url));
          return new Response(null, { status: 503 });
        },
      }),
    );
    await sink.deliver(some(1), new AbortController().signal);
    expect(seen).toEqual([expected]);
  });

  test('the machine waits as long as they say', () => {
    expect(open({ endpoint: 'https://a.example', timeout_ms: 1_234 }).attemptMs).toBe(1_234);
  });
});

describe('variables', () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example:4318',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://tempo.example/otlp/v1/traces',
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=secret',
    OTEL_EXPORTER_OTLP_TIMEOUT: '30000',
    OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: '20000',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
    OTEL_SERVICE_NAME: '',
    OTEL_RESOURCE_ATTRIBUTES: 'service.name=audit,team=a%20b',
  };

  test('speak where the settings are silent', () => {
    expect(otelDefaults('logs', {}, env)).toEqual({
      endpoint: 'https://collector.example:4318',
      header_list: { env: 'OTEL_EXPORTER_OTLP_HEADERS' },
      timeout_ms: 20_000,
      compression: 'none',
      service_name: 'audit',
      resource: { team: 'a b' },
    });
  });

  test('of the signal go before the general ones', () => {
    expect(otelDefaults('traces', {}, env)).toMatchObject({
      url: 'https://tempo.example/otlp/v1/traces',
      timeout_ms: 30_000,
    });
    expect(otelDefaults('traces', {}, env)).not.toHaveProperty('endpoint');
  });

  test('do not overrule the settings', () => {
    const settings = {
      endpoint: 'https://a.example',
      timeout_ms: 5,
      compression: 'gzip',
      service_name: 's',
      resource: {},
    };
    expect(otelDefaults('traces', settings, env)).toEqual({});
  });

  test('give their headers to no endpoint but their own', () => {
    expect(otelDefaults('logs', { url: 'https://a.example' }, env)).not.toHaveProperty('header_list');
  });

  test('that are not set say nothing', () => {
    expect(otelDefaults('logs', {}, { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' })).toEqual({});
  });

  test('never hold a secret in what they become', () => {
    expect(JSON.stringify(otelDefaults('logs', {}, env))).not.toContain('secret');
  });

  test('with a fault are a fault of the settings', () => {
    expect(() => open(otelDefaults('logs', {}, { ...env, OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: 'soon' }))).toThrow(
      /timeout_ms/,
    );
  });
});
