import type { Log } from '../../services/core/log.ts';

/** Lets a group read, or holds up what it has fetched. */
export interface Gate {
  readonly log: Log;
  open(): void;
  close(): void;
}

export function gated(log: Log, group: string): Gate {
  let gate = Promise.withResolvers<void>();
  return {
    log: {
      ...log,
      subscribe(subscription) {
        const source = log.subscribe(subscription);
        if (subscription.group !== group) return source;
        return {
          run: (handle, signal) =>
            source.run(async (batch, held) => {
              await gate.promise;
              return handle(batch, held);
            }, signal),
        };
      },
    },
    open: () => gate.resolve(),
    close() {
      gate = Promise.withResolvers();
    },
  };
}
