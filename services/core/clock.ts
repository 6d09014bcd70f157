/** Time is passed in, so that a test never sleeps and a simulator can own it. */
export interface Clock {
  now(): Date;
  /** Resolves after `ms`, rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
