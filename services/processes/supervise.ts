import type { Logger } from '../core/logger.ts';

/** A part of a process that runs until the signal aborts. */
export interface Part {
  readonly name: string;
  run(signal: AbortSignal): Promise<void>;
}

/** How long parts may take to drain once they are told to stop. */
const DRAIN_MS = 60_000;

/**
 * Runs the parts together. SIGTERM and SIGINT stop them all: they drain, commit and end, and the exit code is 0. A part
 * that breaks, or ends by itself, stops the others and makes the code 1: a process that lives but does not work would
 * be worse than one that is restarted.
 */
export async function supervise(parts: readonly Part[], logger: Logger, asked: AbortSignal): Promise<number> {
  const stop = new AbortController();
  const forward = () => stop.abort(asked.reason);
  asked.addEventListener('abort', forward, { once: true });
  if (asked.aborted) forward();
  let code = 0;

  const running = parts.map(async ({ name, run }) => {
    try {
      await run(stop.signal);
      if (stop.signal.aborted) return;
      logger.error({ part: name }, 'part ended by itself');
    } catch (error) {
      if (stop.signal.aborted && isAbort(error)) return;
      logger.error({ part: name, error: words(error) }, 'part failed');
    }
    code = 1;
    stop.abort(new Error(`${name} ended`));
  });

  const drained = Promise.all(running);
  await Promise.race([drained, aborted(stop.signal)]);
  const patience = setTimeout(() => {
    logger.error({ seconds: DRAIN_MS / 1000 }, 'parts did not drain in time');
    process.exit(1);
  }, DRAIN_MS);
  await drained;
  clearTimeout(patience);
  asked.removeEventListener('abort', forward);
  return code;
}

/** Aborts on SIGTERM and SIGINT; a second signal of either kind ends the process at once. */
export function untilSignalled(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(1);
      controller.abort(new Error(name));
    });
  }
  return controller.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.message.startsWith('SIG'));
}

/** The words of our own errors; of others the names and codes alone, for their messages may quote what they were given. */
function words(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  if (OURS.has(error.name)) return `${error.name}: ${error.message}`;
  const code = 'code' in error && /^(?:\w{1,64})$/.test(String(error.code)) ? ` ${String(error.code)}` : '';
  const cause = error.cause instanceof Error ? `, caused by ${words(error.cause)}` : '';
  return `${error.name}${code}${cause}`;
}

const OURS = new Set([
  'LogLost',
  'LogReplaced',
  'LaneStopped',
  'LeaseLost',
  'FetchStalled',
  'GroupUnsteady',
  'OutOfRange',
  'ConfigError',
]);
