/** The lane met something only an operator can put right. Nothing was dropped: it would stop there again. */
export class LaneStopped extends Error {
  override readonly name = 'LaneStopped';

  constructor(topic: string, partition: number, offset: number, reason: string) {
    super(`${topic}/${partition} at offset ${offset}: ${reason}`);
  }
}

/** Another archive journalled the cut that was to be ours: this one has to begin from the journal again. */
export class Fenced extends Error {
  override readonly name = 'Fenced';

  constructor(topic: string, partition: number, cut: number) {
    super(`${topic}/${partition}: another archive journalled cut ${cut}`);
  }
}
