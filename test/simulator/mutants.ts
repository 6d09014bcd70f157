/** A bug planted on purpose: a piece of one file of services/ and what stands there instead. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Takes more seeds than a test has time for: hunted by name alone. */
  readonly isRare?: true;
}

/** Each breaks a promise in some schedule, and a simulator that does not find that schedule proves nothing. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'archive commits before the insert is durable',
    file: 'clickhouse/archive/shift.ts',
    from: 'await this.#insert(cut, entry, schema, false, signal);',
    to: 'this.#insert(cut, entry, schema, false, signal).catch(() => {});',
  },
  {
    name: 'archive inserts before it journals',
    file: 'clickhouse/archive/shift.ts',
    from: 'const newest = await this.#persist(',
    to: 'await this.#insert(cut, { ...entry, cut: number - 1 }, schema, false, signal);\n    const newest = await this.#persist(',
  },
  {
    name: 'archive believes that a journalled cut was stored',
    file: 'clickhouse/archive/progress.ts',
    from: 'const done = isCommitted',
    to: 'const done = true || isCommitted',
  },
  {
    name: 'a repeated insert has another token',
    file: 'clickhouse/archive/shelf.ts',
    from: 'insert_deduplication_token: `',
    to: 'insert_deduplication_token: String(again) + `',
  },
  {
    name: 'inserts are not deduplicated',
    file: 'clickhouse/archive/journal.ts',
    from: 'insert_deduplicate: 1',
    to: 'insert_deduplicate: 0',
  },
  {
    name: 'a repeated insert does not look for what is stored',
    file: 'clickhouse/archive/shelf.ts',
    from: '...(again ? [notStored(table)] : [])',
    to: '',
  },
  {
    name: 'an insert is not tied to the newest cut',
    isRare: true,
    file: 'clickhouse/archive/shelf.ts',
    from: "NEWEST_CUT, ONCE } from './journal.ts';",
    to: "ONCE } from './journal.ts';\nconst NEWEST_CUT = '{cut:Int64}';",
  },
  {
    name: 'the journal takes an entry after any other',
    file: 'clickhouse/archive/journal.ts',
    from: ' = {cut:Int64} - 1`',
    to: ' < {cut:Int64}`',
  },
  {
    name: 'nobody asks whose entry is the newest',
    file: 'clickhouse/archive/shift.ts',
    from: 'if (newest?.owner !== owner)',
    to: 'if (newest === undefined)',
  },
  {
    name: 'a store that does not answer counts as done',
    file: 'clickhouse/archive/shift.ts',
    from: "await this.#persist('insert', entry.partition, insert, signal);",
    to: 'await insert(1).catch(() => {});',
  },
  {
    name: 'archive keeps what was taken before',
    file: 'clickhouse/archive/take-indexed.ts',
    from: 'if (isBeyond({ offset, ordinal }, mark))',
    to: 'if (mark !== null)',
  },
  {
    name: 'the watermark of the archive is one short',
    file: 'clickhouse/archive/take-indexed.ts',
    from: 'mark = { offset, ordinal };',
    to: 'mark = { offset, ordinal: ordinal - 1 };',
  },
  {
    name: 'accounts that overlap are stored whole',
    file: 'clickhouse/archive/range.ts',
    from: 'first < begin ? trim(body, begin) : body',
    to: 'body',
  },
  {
    name: 'an older assignment of the archive overwrites a newer one',
    isRare: true,
    file: 'clickhouse/archive/shift.ts',
    from: 'if (held.aborted) return position.start;',
    to: '',
  },
  {
    name: 'archive commits what is in doubt',
    isRare: true,
    file: 'clickhouse/archive/progress.ts',
    from: '{ metadata: String(cut - 1), offset: doubt.entry.first }',
    to: '{ metadata: String(cut - 1) }',
  },
  {
    name: 'archive takes what its predecessor journalled for a loss',
    isRare: true,
    file: 'clickhouse/archive/shift.ts',
    from: ' && (await endOf(this.#parts.log, position)) < needed',
    to: '',
  },
  {
    name: 'ingest takes what its predecessor settled for a loss',
    isRare: true,
    file: 'processes/ingest/stage.ts',
    from: ' && (await endOf(parts.log, position)) < offset',
    to: '',
  },
  {
    name: 'quarantined messages are not accounted for',
    file: 'processes/ingest/settle.ts',
    from: "settled.set(envelope.offset, { outcome: 'quarantined', reason: result.reason });",
    to: '',
  },
  {
    name: 'absent offsets are not accounted for',
    file: 'processes/ingest/accounting.ts',
    from: 'if (offset > reached) skipAbsent(reached, offset);',
    to: '',
  },
  {
    name: 'ingest accounts for events before they are durable',
    file: 'processes/ingest/stage.ts',
    from: "    ['audit.events', made.events],\n    ['audit.accounting', [made.accounting]],",
    to: "    ['audit.accounting', [made.accounting]],\n    ['audit.events', made.events],",
  },
  {
    name: 'ingest commits without its account',
    file: 'processes/ingest/stage.ts',
    from: 'const first = await parts.log.append(topic, partition, records);',
    to: 'const first = await parts.log.append(topic, partition, records).catch(() => 0);',
  },
  {
    name: 'content follows its event',
    file: 'processes/ingest/stage.ts',
    from: "    ['audit.content', made.content],\n    ['audit.quarantine', made.quarantine],\n    ['audit.events', made.events],",
    to: "    ['audit.events', made.events],\n    ['audit.content', made.content],\n    ['audit.quarantine', made.quarantine],",
  },
  {
    name: 'the epoch is not part of a lineage',
    file: 'core/origin.ts',
    from: '{origin.epoch}/',
    to: '{0}/',
  },
  {
    name: 'a receiver that does not answer has taken the batch',
    file: 'delivery/attempt.ts',
    from: "return { kind: 'retry', reason: words(error) };",
    to: "return { kind: 'delivered' };",
  },
  {
    name: 'no answer in time is a delivery',
    isRare: true,
    file: 'delivery/attempt.ts',
    from: "const NO_ANSWER: Delivery = { kind: 'retry', reason: 'no answer in time' };",
    to: "const NO_ANSWER: Delivery = { kind: 'delivered' };",
  },
  {
    name: 'what a receiver names is one off',
    file: 'delivery/outcome.ts',
    from: 'for (const { index, reason } of refusals) {',
    to: 'for (const { index: named, reason } of refusals) {\n      const index = (named + 1) % taken;',
  },
  {
    name: 'what a receiver wants again is not sent again',
    file: 'delivery/outcome.ts',
    from: 'const taken = resendFrom ?? batch.length;',
    to: 'const taken = Math.max(resendFrom ?? 0, batch.length);',
  },
  {
    name: 'the second half of a refused batch is buried with the first',
    file: 'delivery/outcome.ts',
    from: 'if (batch.length === 1) return',
    to: 'if (batch.length <= 2) return',
  },
  {
    name: 'a receipt covers what has not ended',
    file: 'processes/export/shift.ts',
    from: 'const upTo = left[at]?.offset ?? next;',
    to: 'const upTo = next;',
  },
  {
    name: 'receipts are written before the delivery',
    file: 'processes/export/shift.ts',
    from: 'if (parcels.length > 0) await dispatcher.dispatch(',
    to:
      'await settle(parcels.map(({ offset, open }) => ({ offset, event_id: open().event_id, outcome: "delivered", reason: "" })));\n' +
      '    if (parcels.length > 0) await dispatcher.dispatch(',
  },
  {
    name: 'export sends copies again',
    file: 'processes/export/shift.ts',
    from: 'if (!isBeyond(mark, marks.get(lineage))) {',
    to: 'if (marks === undefined) {',
  },
  {
    name: 'export begins at its commit, whatever its receipts say',
    file: 'processes/export/recall.ts',
    from: 'receiptsAt = offset;\n    }',
    to: 'receiptsAt = offset;\n    }\n    settled = (settled ?? 0) + 1;',
  },
  {
    name: 'export forgets how far raw partitions were taken',
    file: 'processes/export/recall.ts',
    from: 'marks ?? (await memory.marksBefore(partition, offset))',
    to: 'new Map()',
  },
];
