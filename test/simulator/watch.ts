import type { Entry } from '../../services/clickhouse/archive/journal.ts';
import { decodeEvent } from '../../services/codec/event.ts';
import { delivery } from '../../services/codec/records.ts';
import { unframe } from '../../services/codec/wire.ts';
import { readCarriage } from '../../services/core/carriage.ts';
import type { Committed, Envelope } from '../../services/core/log.ts';
import type { AuditDelivery, AuditEvent } from '../../services/core/records.generated.ts';
import { Coverage } from './coverage.ts';
import type { LogWatch } from './log.ts';
import { eventsOf, type Raw } from './raw.ts';
import type { Receiver } from './receiver.ts';

/** A record of `audit.events`. */
export interface Copy {
  readonly key: string;
  readonly event: AuditEvent;
  /** Whether it is the first of its event. */
  readonly isFirst: boolean;
}

const ARCHIVED = new Set(['audit.events', 'audit.content', 'audit.quarantine']);

/**
 * Looks at everything the moment it becomes durable: whether what it rests on is durable already. `breach` is told of a
 * promise that is broken.
 */
export class Watch implements LogWatch {
  /** Of every datum on an audit topic, by `topic key`: where its first copy lies, as `partition:offset`. */
  readonly first = new Map<string, string>();
  /** Records of audit.events by `partition:offset`. */
  readonly copies = new Map<string, Copy>();
  /** Raw offsets that an account speaks of, by raw partition. */
  readonly accounted = new Map<string, Coverage>();
  /** Audit offsets that a receipt speaks of, by `sink/partition`. */
  readonly receipted = new Map<string, Coverage>();
  /** First copies at a place of an audit topic, by `topic partition:offset`. */
  private readonly firstAt = new Map<string, number>();
  private readonly breach: (words: string) => void;
  private readonly around: {
    raw(): Raw;
    receivers(): ReadonlyMap<string, Receiver>;
    /** Rows of a table that came from a place on its topic. */
    rowsAt(table: string, partition: number, offset: number): number;
    epoch(topic: string): number;
  };

  constructor(breach: (words: string) => void, around: Watch['around']) {
    this.breach = breach;
    this.around = around;
  }

  appended(record: Envelope): void {
    const { topic, headers } = record;
    if (topic === 'audit.accounting') this.account(record);
    else if (topic === 'audit.deliveries') this.receipt(record);
    else if (ARCHIVED.has(topic)) {
      const carriage = readCarriage(headers);
      if (carriage === undefined) this.breach(`${topic}: a record without an origin`);
      for (const { offset, ordinal } of carriage?.entries ?? [])
        this.datum(record, carriage?.lineage ?? '', offset, ordinal);
    }
  }

  committed(group: string, topic: string, partition: number, { offset }: Committed): void {
    const words = `${group} commits ${offset} in ${topic}/${partition}`;
    if (group === 'trailhouse-ingest') {
      const reached = this.accounted.get(`${this.around.epoch(topic)}/${topic}/${partition}`)?.reached ?? 0;
      if (reached < offset) this.breach(`${words}, accounts end at ${reached}`);
    } else if (group.startsWith('trailhouse-export.')) {
      const lane = `${group.slice('trailhouse-export.'.length)}/${partition}`;
      const reached = this.receipted.get(lane)?.reached ?? 0;
      if (reached < offset) this.breach(`${words}, receipts end at ${reached}`);
    } else if (ARCHIVED.has(topic)) this.stored(words, topic, partition, offset);
  }

  journalled(entry: Entry, before: Entry | undefined): void {
    const words = `journal of ${entry.topic}/${entry.partition}, cut ${entry.cut}`;
    if (entry.cut !== (before?.cut ?? -1) + 1) this.breach(`${words} follows cut ${before?.cut}`);
    if (before !== undefined && entry.first !== before.next)
      this.breach(`${words} begins at ${entry.first}, the one before ends at ${before.next}`);
    for (const [lineage, { offset, ordinal }] of entry.before) {
      const after = entry.after.get(lineage);
      const isBack =
        after === undefined || after.offset < offset || (after.offset === offset && after.ordinal < ordinal);
      if (isBack) this.breach(`${words}: the watermark of ${lineage} goes back`);
    }
    for (const [lineage, { offset, ordinal }] of before?.after ?? []) {
      const known = entry.before.get(lineage);
      if (known?.offset !== offset || known.ordinal !== ordinal)
        this.breach(`${words} does not know how far ${lineage} was taken`);
    }
  }

  private datum(record: Envelope, lineage: string, offset: number, ordinal: number): void {
    const { topic, partition } = record;
    const key = `${lineage}/${offset}/${ordinal}`;
    const place = `${partition}:${record.offset}`;
    const isFirst = !this.first.has(`${topic} ${key}`);
    if (isFirst) {
      this.first.set(`${topic} ${key}`, place);
      this.firstAt.set(`${topic} ${place}`, (this.firstAt.get(`${topic} ${place}`) ?? 0) + 1);
    }
    if (topic !== 'audit.events') return;
    const event = decodeEvent(unframe(record.value)?.body ?? record.value);
    this.copies.set(place, { key, event, isFirst });
    const expected = eventsOf(this.around.raw().expected(lineage, offset))[ordinal];
    if (expected === undefined) this.breach(`event ${key} was invented`);
    else if (expected.content && !this.first.has(`audit.content ${key}`))
      this.breach(`event ${key} is on the log before its content`);
  }

  /** An account speaks of what is on the log already. */
  private account({ headers }: Envelope): void {
    const lineage = readCarriage({ ...headers, index: Buffer.from('0:0:0:0:') })?.lineage ?? '';
    const [first = 0, next = 0] = Buffer.from(headers.range ?? [])
      .toString()
      .split(':')
      .map(Number);
    for (let offset = first; offset < next; offset++) {
      const expected = this.around.raw().expected(lineage, offset);
      for (const [ordinal] of eventsOf(expected).entries())
        if (!this.first.has(`audit.events ${lineage}/${offset}/${ordinal}`))
          this.breach(`${lineage}/${offset} is accounted for before event ${ordinal} is on the log`);
      if (expected?.outcome === 'quarantined' && !this.first.has(`audit.quarantine ${lineage}/${offset}/0`))
        this.breach(`${lineage}/${offset} is accounted for before it is in quarantine`);
    }
    coverage(this.accounted, lineage).add(first, next);
  }

  /** A receipt claims nothing that the receiver does not bear out. */
  private receipt({ value }: Envelope): void {
    const receipt = delivery.decode(unframe(value)?.body ?? value);
    const { sink, audit_partition, first, next } = receipt;
    const listed = new Map<number, string>();
    for (const { offset, count, outcome } of receipt.exceptions)
      for (let at = offset; at < offset + count; at++) listed.set(at, outcome);
    for (let offset = first; offset < next; offset++) this.fate(receipt, offset, listed.get(offset) ?? 'delivered');
    coverage(this.receipted, `${sink}/${audit_partition}`).add(first, next);
  }

  private fate({ sink, audit_partition }: AuditDelivery, offset: number, outcome: string): void {
    const copy = this.copies.get(`${audit_partition}:${offset}`);
    const receiver = this.around.receivers().get(sink);
    if (receiver === undefined || copy === undefined) {
      this.breach(`${sink}: a receipt of offset ${offset}, where nothing is`);
      return;
    }
    const { event, key, isFirst } = copy;
    const { event_id: id, request_id: liking } = event;
    const isTrue: Readonly<Record<string, boolean>> = {
      delivered: isFirst && receiver.held.get(id)?.includes(event.ingested_at) === true,
      buried: isFirst && (liking === 'refuse' || receiver.doubted.has(id)),
      diverted: isFirst && liking === 'divert',
      uncertain: isFirst && receiver.doubted.has(id),
      filtered: isFirst && event.outcome === 'denied',
      redelivered: !isFirst,
      // What the store hands out holds first copies alone.
      absent: !isFirst,
    };
    if (isTrue[outcome] !== true) this.breach(`${sink} calls ${key} at ${audit_partition}:${offset} ${outcome}`);
  }

  /** What is committed is stored. */
  private stored(words: string, topic: string, partition: number, end: number): void {
    for (let offset = 0; offset < end; offset++) {
      const wanted = this.firstAt.get(`${topic} ${partition}:${offset}`) ?? 0;
      const rows = wanted === 0 ? 0 : this.around.rowsAt(topic, partition, offset);
      if (rows !== wanted) this.breach(`${words}, of offset ${offset} ${rows} rows of ${wanted} are stored`);
    }
  }
}

function coverage(all: Map<string, Coverage>, key: string): Coverage {
  const found = all.get(key) ?? new Coverage();
  all.set(key, found);
  return found;
}
