import { Agent } from 'node:http';
import type { Clock } from '../../services/core/clock.ts';
import type { Tools } from '../../services/core/sink.ts';
import { fakeClock } from './clock.ts';

const agent = new Agent({ keepAlive: true });

/** What a sink gets in a test: the real fetch, time that a test owns, secrets by the name of their variable. */
export function sinkTools(
  given: {
    readonly clock?: Clock;
    readonly replay?: boolean;
    /** Read at every request: a test rotates a token by changing its own object. */
    readonly secrets?: Readonly<Record<string, string>>;
    readonly fetch?: typeof fetch;
  } = {},
): Tools {
  return {
    fetch: given.fetch ?? fetch,
    agent: () => agent,
    clock: given.clock ?? fakeClock(),
    replay: given.replay ?? false,
    async secret(at) {
      const found = 'env' in at ? given.secrets?.[at.env] : undefined;
      if (found === undefined) throw new Error('no such secret in this test');
      return found;
    },
  };
}
