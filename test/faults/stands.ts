import type { Random } from '../../services/processes/demo/random.ts';
import { datadog } from '../../services/sinks/datadog/index.ts';
import { loki } from '../../services/sinks/loki/index.ts';
import { otlpLogs, otlpTraces } from '../../services/sinks/otlp/index.ts';
import { splunk } from '../../services/sinks/splunk/index.ts';
import { openDatadogReceiver } from '../support/receivers/datadog.ts';
import type { Fault } from '../support/receivers/fault.ts';
import { openLokiReceiver } from '../support/receivers/loki.ts';
import { type OtlpFault, openOtlpReceiver } from '../support/receivers/otlp.ts';
import { openSplunkReceiver } from '../support/receivers/splunk.ts';
import { sinkTools } from '../support/sink-tools.ts';
import type { Stand } from './lanes.ts';

const PAGE = '<html>sign in</html>';

/** What any receiver over HTTP may do: refuse for a while, hang, break off, lose its reply, answer as another would. */
function common(dice: Random): Fault {
  const times = dice.integer(1, 4);
  return dice.pick<Fault>([
    { kind: 'answer', status: 429, headers: { 'retry-after': '2' }, repeat: times },
    { kind: 'answer', status: 503, repeat: times },
    { kind: 'answer', status: 502, body: '<html>bad gateway</html>', repeat: times },
    { kind: 'answer', status: 401, repeat: times },
    { kind: 'answer', status: 403, repeat: times },
    { kind: 'answer', status: 302, headers: { location: 'http://127.0.0.1:1/' }, repeat: times },
    { kind: 'answer', status: 200, body: PAGE, repeat: times },
    { kind: 'hang' },
    { kind: 'reset', when: 'before', repeat: times },
    { kind: 'reset', when: 'mid-body', repeat: times },
    { kind: 'reset', when: 'after', repeat: times },
    { kind: 'slow', bytesPerSecond: 2_000 },
  ]);
}

/** Datadog's own answers to what it does not take. It turns a whole request down, so a 413 is cured by a smaller one. */
function datadogs(dice: Random): Fault {
  const times = dice.integer(1, 4);
  const [headers, body] = [{ 'content-type': 'application/json' }, '{"errors":[{"title":"words of Datadog"}]}'];
  return dice.pick<Fault>([
    { kind: 'answer', status: 408, headers, body, repeat: times },
    { kind: 'answer', status: 413, headers, body },
    { kind: 'answer', status: 429, headers: { ...headers, 'x-ratelimit-reset': '30' }, body, repeat: times },
    { kind: 'answer', status: 500, headers, body, repeat: times },
    // A key that was rotated, until the secret is as well.
    { kind: 'answer', status: 403, headers, body, repeat: times + 4 },
    // A proxy's, that turns down everything.
    { kind: 'answer', status: 400, body: PAGE, repeat: times },
  ]);
}

/** What Loki, or what stands before it, answers to an operator's doing. */
function lokis(dice: Random): Fault {
  const times = dice.integer(1, 4);
  const blocked = "ingestion blocked for user 'fake' until '2100-01-01T00:00:00Z' with status code '260'";
  return dice.pick<Fault>([
    { kind: 'answer', status: 260, body: blocked, repeat: times },
    { kind: 'answer', status: 400, body: 'missing required labels team for user fake', repeat: times },
    { kind: 'answer', status: 400, body: PAGE, repeat: times },
    { kind: 'answer', status: 413, body: 'request body too large' },
    { kind: 'answer', status: 429, body: 'Ingestion rate limit exceeded for user fake', repeat: times },
    { kind: 'answer', status: 500, body: 'at least 2 live replicas required, could only find 1', repeat: times },
  ]);
}

/** What OTLP has receivers answer, and what those that are none do with its paths. */
function otlps(dice: Random): Fault | OtlpFault {
  const times = dice.integer(1, 4);
  return dice.pick<Fault | OtlpFault>([
    { kind: 'partial', rejected: dice.integer(1, 10) },
    // More than there are: all.
    { kind: 'partial', rejected: 1_000 },
    { kind: 'partial', rejected: 0, message: 'a warning', repeat: times },
    { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: PAGE, repeat: times },
    { kind: 'answer', status: 200, headers: { 'content-type': 'text/plain' }, repeat: times },
    { kind: 'answer', status: 202, repeat: times },
    { kind: 'answer', status: 204, repeat: times },
    { kind: 'answer', status: 400 },
    { kind: 'answer', status: 413 },
    { kind: 'answer', status: 415, repeat: times },
    { kind: 'answer', status: 500, repeat: times },
    { kind: 'answer', status: 503, headers: { 'retry-after': '30' }, repeat: times },
    { kind: 'answer', status: 504, repeat: times },
  ]);
}

/** By the variable's name. */
export const secrets: Readonly<Record<string, string>> = {
  TOKEN: 'hec-token',
  DD_API_KEY: 'dd-key',
  OTLP_HEADERS: 'api-key=otlp-key',
};

const tools: Stand['tools'] = (clock) => sinkTools({ clock, secrets });

const splunkStand: Stand = {
  kind: splunk,
  tools,
  async open() {
    const receiver = await openSplunkReceiver({ slowPolls: 1 });
    return {
      settings: { url: receiver.url, token: { env: 'TOKEN' }, ack: 'on' },
      kept: () => receiver.accepted().map(({ event_id }) => event_id),
      misbehave(dice) {
        const which = dice.integer(0, 5);
        if (which === 0) receiver.script({ kind: 'unindexed', repeat: dice.integer(1, 2) });
        else if (which === 1)
          receiver.script({ kind: 'hec', code: dice.pick([1, 4, 7, 8, 9, 10, 14, 20, 23, 26, 27]) });
        else if (which === 2) receiver.scriptAcks(common(dice));
        else if (which === 3) receiver.restart();
        else receiver.script(common(dice));
      },
      close: () => receiver.close(),
    };
  },
};

const datadogStand: Stand = {
  kind: datadog,
  tools,
  async open(clock) {
    const receiver = await openDatadogReceiver({ now: () => clock.now() });
    return {
      settings: { url: receiver.url, api_key: { env: 'DD_API_KEY' } },
      kept: () => receiver.accepted().map(({ event_id }) => event_id),
      misbehave: (dice) => receiver.script(dice.integer(0, 1) === 0 ? datadogs(dice) : common(dice)),
      close: () => receiver.close(),
    };
  },
};

const lokiStand: Stand = {
  kind: loki,
  tools,
  async open(clock) {
    const receiver = await openLokiReceiver({ now: () => clock.now().getTime() });
    return {
      settings: { url: receiver.url },
      kept: () => receiver.accepted().flatMap(({ event_id, copies }) => Array<string>(copies).fill(event_id)),
      misbehave: (dice) => receiver.script(dice.integer(0, 1) === 0 ? lokis(dice) : common(dice)),
      close: () => receiver.close(),
    };
  },
};

const otlpStand = (kind: Stand['kind']): Stand => ({
  kind,
  tools,
  async open() {
    const receiver = await openOtlpReceiver({ headers: { 'api-key': 'otlp-key' } });
    return {
      // Longer than by default: a lane's time may run so fast that an attempt would have milliseconds.
      settings: { endpoint: receiver.url, header_list: { env: 'OTLP_HEADERS' }, timeout_ms: 120_000 },
      kept: () => receiver.accepted().map(({ event_id }) => event_id),
      misbehave: (dice) => receiver.script(dice.integer(0, 1) === 0 ? otlps(dice) : common(dice)),
      close: () => receiver.close(),
    };
  },
});

export const stands: readonly Stand[] = [
  splunkStand,
  datadogStand,
  lokiStand,
  otlpStand(otlpLogs),
  otlpStand(otlpTraces),
];
