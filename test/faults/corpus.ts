/** Messages for fault runs: what each must become is known when it is made. */
export interface Known {
  readonly value: Uint8Array;
  /** How many events it must give; 0: it must be quarantined. */
  readonly events: number;
}

/** Mostly single events with content, some batches, some broken messages: every path of ingest, in a fixed pattern. */
export function knownMessage(number: number, time: Date): Known {
  if (number % 17 === 5) return { value: Buffer.from(`{"trailhouse":1,"broken":${number}`), events: 0 };
  const event = (part: number) => ({
    id: `run-${number}-${part}`,
    time: time.toISOString(),
    action: 'shell.exec',
    outcome: 'success',
    command: `make target-${number}`,
    session: `session-${number % 50}`,
    actor: { kind: 'user', email: `person${number % 9}@alderbrook.example`, basis: 'email_claim' },
    content: { output: `line ${number}.${part}` },
  });
  if (number % 11 === 3) {
    const events = [event(0), event(1), event(2)];
    return { value: Buffer.from(JSON.stringify({ trailhouse: 1, events })), events: 3 };
  }
  return { value: Buffer.from(JSON.stringify({ trailhouse: 1, ...event(0) })), events: 1 };
}
