import { eventId } from '../../../services/core/origin.ts';
import { type LedgerPlaces, verifyLedger } from '../../../services/processes/seal/verify-ledger.ts';
import { openRandom } from '../../simulator/random.ts';
import { openPipeline, type Pipeline } from '../../support/pipeline.ts';
import { sealOnce, sealParts } from '../../support/sealing.ts';

const TOPIC = 'endpoint.events';
/** The row as it was, and the copy that changes are made to. */
const [KEPT, COPY] = ['audit.proof_kept', 'audit.proof_copy'];

/** How often one kind of change was made, and how often `ledger verify` named the event by what was done to it. */
export interface StoreTally {
  readonly kind: string;
  tried: number;
  named: number;
}

interface Change {
  readonly kind: 'altered' | 'missing' | 'added' | 'reordered';
  readonly what: string;
  /** Statements about a row that also stands in COPY. `fresh` is the id of an event that nobody ever sent. */
  make(id: string, fresh: string): readonly string[];
}

const put = (table: string): string => `INSERT INTO audit.events SELECT * FROM ${table}`;
const back = put(COPY);
const dropped = (id: string): string => `ALTER TABLE audit.events DELETE WHERE event_id = '${id}'`;
const changed = (set: string): string => `ALTER TABLE ${COPY} UPDATE ${set} WHERE true`;

const altered = (what: string, set: string): Change => ({
  kind: 'altered',
  what,
  make: (id) => [changed(set), dropped(id), back],
});

const CHANGES: readonly Change[] = [
  altered('another outcome', "outcome = if(outcome = 'success', 'denied', 'success')"),
  altered('a microsecond later', 'occurred_at = occurred_at + toIntervalMicrosecond(1)'),
  altered('a letter in the address', "actor_email = concat(actor_email, 'x')"),
  altered('a blank in the command', "command = concat(command, ' ')"),
  altered('a bit of a duration', 'latency_ms = ifNull(latency_ms, 0) + 0.5'),
  { kind: 'missing', what: 'a row deleted', make: (id) => [dropped(id)] },
  {
    kind: 'added',
    what: 'a row put in',
    make: (_, fresh) => [
      changed(`event_id = toUUID('${fresh}'), audit_offset = 1000000, origin_offset = 1000000`),
      back,
    ],
  },
  {
    kind: 'reordered',
    what: 'a row moved',
    make: (id) => [changed('audit_offset = audit_offset + 1000000'), dropped(id), back],
  },
];

/** Rows of a real store that are changed one at a time, each found by a verification of the whole store, and put back. */
export async function store(events: number, rounds: number): Promise<readonly StoreTally[]> {
  const pipeline = await openPipeline('prove-store');
  try {
    const places = await filled(pipeline, events);
    const { below } = openRandom(11);
    const tallies = CHANGES.map(({ kind, what }) => ({ kind: `${kind}: ${what}`, tried: 0, named: 0 }));
    for (let round = 0; round < rounds; round++)
      for (const [index, change] of CHANGES.entries()) {
        const tally = tallies[index];
        if (tally !== undefined) await once(change, below(events - 1), { tally, pipeline, places });
      }
    return tallies;
  } finally {
    await pipeline.close();
  }
}

async function filled(pipeline: Pipeline, events: number): Promise<LedgerPlaces> {
  const messages = Array.from({ length: events }, (_, index) => ({
    ...{ trailhouse: 1, id: `call-${index}`, time: '2026-07-01T10:00:00Z', action: 'shell.exec', outcome: 'success' },
    actor: { kind: 'user', email: `person${index % 7}@alderbrook.example`, basis: 'email_claim' },
    ...{ duration_ms: index / 3, command: `ls ${index}` },
  }));
  await pipeline.send(TOPIC, messages);
  await pipeline.settled();
  const parts = sealParts(pipeline);
  await sealOnce(parts);
  await pipeline.settled();
  for (const table of [KEPT, COPY])
    await pipeline.clickhouse.writer.run(`CREATE TABLE ${table} AS audit.events ENGINE = MergeTree ORDER BY tuple()`);
  return { ...parts, certificates: pipeline.folder, certificateKeys: [] };
}

interface Around {
  readonly tally: StoreTally;
  readonly pipeline: Pipeline;
  readonly places: LedgerPlaces;
}

async function once(change: Change, offset: number, { tally, pipeline, places }: Around): Promise<void> {
  const settings = { mutations_sync: 2, insert_deduplicate: 0 };
  const run = (sql: string) => pipeline.clickhouse.writer.run(sql, {}, settings);
  const id = idOf(offset);
  const fresh = idOf(offset + 1_000_000);
  for (const table of [KEPT, COPY]) {
    await run(`TRUNCATE TABLE ${table}`);
    await run(`INSERT INTO ${table} SELECT * FROM audit.events WHERE event_id = '${id}'`);
  }
  for (const sql of change.make(id, fresh)) await run(sql);
  const [found] = (await verifyLedger(places, { from: '', to: '' }, { begin() {}, advance() {} })).partitions;
  const faults = found?.kind === 'compared' ? found.faults : [];
  const event = change.kind === 'added' ? fresh : id;
  tally.tried++;
  if (faults.some((fault) => fault.kind === change.kind && fault.event === event)) tally.named++;
  else process.stderr.write(`${tally.kind} of ${event}: ${JSON.stringify(faults).slice(0, 600)}\n`);
  await run(`ALTER TABLE audit.events DELETE WHERE event_id IN ('${id}', '${fresh}')`);
  await run(put(KEPT));
}

const idOf = (offset: number): string => eventId({ epoch: 0, topic: TOPIC, partition: 0, offset, ordinal: 0 });
