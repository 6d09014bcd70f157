import { pairsOf } from './config.ts';

type Given = Readonly<Record<string, unknown>>;
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What OpenTelemetry's variables (https://opentelemetry.io/docs/specs/otel/protocol/exporter/) say where the settings
 * of a receiver are silent, as settings: for a caller to put beside them before they are read. A variable of the signal
 * goes before the general one. Headers hold keys of the endpoint they were given with, so they go to no other.
 */
export function otelDefaults(signal: 'logs' | 'traces', settings: Given, env: Environment): Record<string, unknown> {
  const named = (name: string): string | undefined =>
    filled(env[`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${name}`]) ?? filled(env[`OTEL_EXPORTER_OTLP_${name}`]);
  const isSilent = settings.endpoint === undefined && settings.url === undefined;
  const timeout = named('TIMEOUT');
  const { 'service.name': service, ...resource } = resourceOf(env);
  const defaults = {
    ...(isSilent ? { ...targetOf(signal, env), ...headersOf(signal, settings, env) } : {}),
    compression: named('COMPRESSION'),
    timeout_ms: timeout === undefined ? undefined : Number(timeout),
    service_name: filled(env.OTEL_SERVICE_NAME) ?? service,
    resource: Object.keys(resource).length === 0 ? undefined : resource,
  };
  return Object.fromEntries(
    Object.entries(defaults).filter(([name, value]) => value !== undefined && settings[name] === undefined),
  );
}

/** An empty variable is one that is not set. */
const filled = (value: string | undefined): string | undefined => (value?.trim() ? value.trim() : undefined);

function targetOf(signal: 'logs' | 'traces', env: Environment): Given {
  const url = filled(env[`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`]);
  return url === undefined ? { endpoint: filled(env.OTEL_EXPORTER_OTLP_ENDPOINT) } : { url };
}

/** The variable's name alone: its value is a secret. */
function headersOf(signal: 'logs' | 'traces', settings: Given, env: Environment): Given {
  const names = [`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_HEADERS`, 'OTEL_EXPORTER_OTLP_HEADERS'];
  const name = names.find((one) => filled(env[one]) !== undefined);
  return name === undefined || settings.headers !== undefined ? {} : { header_list: { env: name } };
}

function resourceOf(env: Environment): Record<string, string> {
  return Object.fromEntries(pairsOf(env.OTEL_RESOURCE_ATTRIBUTES ?? ''));
}
