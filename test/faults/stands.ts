import type { Random } from '../../services/processes/demo/random.ts';
import { loki } from '../../services/sinks/loki/index.ts';
import { splunk } from '../../services/sinks/splunk/index.ts';
import type { Fault } from '../support/receivers/fault.ts';
import { openLokiReceiver } from '../support/receivers/loki.ts';
import { openSplunkReceiver } from '../support/receivers/splunk.ts';
import { sinkTools } from '../support/sink-tools.ts';
import type { Stand } from './lanes.ts';

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
    { kind: 'answer', status: 200, body: '<html>sign in</html>', repeat: times },
    { kind: 'hang' },
    { kind: 'reset', when: 'before', repeat: times },
    { kind: 'reset', when: 'mid-body', repeat: times },
    { kind: 'reset', when: 'after', repeat: times },
    { kind: 'slow', bytesPerSecond: 2_000 },
  ]);
}

/** By the variable's name. */
export const secrets: Readonly<Record<string, string>> = { TOKEN: 'hec-token' };

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

const lokiStand: Stand = {
  kind: loki,
  tools,
  async open(clock) {
    const receiver = await openLokiReceiver({ now: () => clock.now().getTime() });
    return {
      settings: { url: receiver.url },
      kept: () => receiver.accepted().flatMap(({ event_id, copies }) => Array<string>(copies).fill(event_id)),
      misbehave: (dice) => receiver.script(common(dice)),
      close: () => receiver.close(),
    };
  },
};

export const stands: readonly Stand[] = [splunkStand, lokiStand];
