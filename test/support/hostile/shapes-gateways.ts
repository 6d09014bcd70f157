import { GATEWAY_LOGS, type Hostile, SPEND } from './message.ts';
import { OBJECTS, spoiltLists, type Wrong, wrongs } from './wrong.ts';

/** Rows and log lines of gateways with one field that is of the wrong kind, out of range or missing. */
export function gatewayShapes(): readonly Hostile[] {
  return [...spendRows(), ...kong(), ...envoy(), ...appsGateway(), ...agentgateway()];
}

/** As small as a row of LiteLLM's spend logs can be. */
export const SPEND_ROW = {
  request_id: 'chatcmpl-1',
  call_type: 'acompletion',
  spend: 0.1,
  startTime: '2026-01-05T10:00:00Z',
};

function spendRows(): Hostile[] {
  const all: readonly Wrong[] = [
    ['request_id', undefined, null, '', 1, ...OBJECTS],
    ['call_type', undefined, null, 1, ...OBJECTS],
    ['spend', undefined],
    ['startTime', undefined],
  ];
  return [...wrongs(SPEND, 'spend row', SPEND_ROW, all), ...spoiltLists(SPEND, 'spend row', SPEND_ROW)];
}

export const KONG = {
  request: { method: 'POST', uri: '/chat' },
  response: { status: 200 },
  latencies: { request: 12 },
  started_at: 1_767_607_200_500,
  ai: { proxy: { meta: { request_model: 'gpt-5-mini' } } },
};

function kong(): Hostile[] {
  const all: readonly Wrong[] = ['request', 'response', 'latencies', 'ai', 'consumer', 'authenticated_entity'].map(
    (field) => [field, 'none', 1, true, []],
  );
  const section: readonly Wrong[] = [['ai', undefined, null, 'proxy', {}, [], { other: {} }]];
  return [
    ...wrongs(GATEWAY_LOGS, 'Kong', KONG, all),
    ...wrongs(GATEWAY_LOGS, "Kong's section alone", { ai: KONG.ai }, section),
    ...spoiltLists(GATEWAY_LOGS, 'Kong', KONG),
  ];
}

export const ENVOY = {
  start_time: '2026-01-05T10:00:00.250Z',
  response_code: 200,
  'gen_ai.request.model': 'gpt-5-mini',
};

function envoy(): Hostile[] {
  return wrongs(GATEWAY_LOGS, 'Envoy', ENVOY, [
    ['start_time', undefined, null, 0, true, ...OBJECTS],
    ['response_code', undefined, null, '', '-', '2xx', '2000', 200.5, true, ...OBJECTS],
  ]);
}

export const APPS_GATEWAY = { ts: '2026-01-05T10:00:00Z', evt: 'inference', sub: '00u7mara' };

function appsGateway(): Hostile[] {
  return wrongs(GATEWAY_LOGS, 'Claude apps gateway', APPS_GATEWAY, [
    ['ts', undefined, null, 1_767_607_200, true, ...OBJECTS],
    ['evt', undefined, null, '', 1, ...OBJECTS],
  ]);
}

export const AGENTGATEWAY = { level: 'info', time: '2026-01-05T10:00:00Z', scope: 'request', 'http.status': 200 };

function agentgateway(): Hostile[] {
  return wrongs(GATEWAY_LOGS, 'agentgateway', AGENTGATEWAY, [
    ['level', undefined, null, 3, ...OBJECTS],
    ['time', undefined, null, 1_767_607_200, ...OBJECTS],
    ['scope', undefined, null, 1, ...OBJECTS],
  ]);
}
