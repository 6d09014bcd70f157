import { type Entry, NEWEST_CUT, type Place } from '../../services/clickhouse/archive/journal.ts';
import type { AvroInsert } from '../../services/clickhouse/client.ts';
import { TABLES } from '../../services/clickhouse/tables.ts';
import { records, type Value } from './container.ts';

export interface Row {
  /** Partition of the table it lies in. */
  readonly part: string;
  /** Where on its audit topic it came from. */
  readonly partition: number;
  readonly offset: number;
  readonly value: Value;
}

interface Table {
  readonly rows: Row[];
  /** Of the shares that are remembered, oldest first, with what they are of. */
  readonly blocks: Map<string, Statement>;
  /** What was sent and has not ended. */
  readonly underWay: Statement[];
  /** What of it has begun. */
  readonly running: Statement[];
}

/** What a token stands for: one cut of a partition. */
interface Statement extends Place {
  readonly cut: number;
  readonly token: string;
}

/** Told of every entry of the journal as it is stored. */
export type JournalWatch = (entry: Entry, before: Entry | undefined) => void;

/**
 * What an engine keeps and how it decides, as far as an archive relies on it: conditions are looked at when a statement
 * begins, each partition's share of an insert is stored whole or not at all, and a share whose token is remembered is not
 * stored again. A token is remembered while a statement with it runs; and until a later cut is journalled, while one is under way or
 * whoever journalled the cut lives and may yet send one. The window outlives that, but not every request that is held up.
 */
export class Engine {
  readonly journal: Entry[] = [];
  private readonly tables = new Map<string, Table>();
  private readonly window: number;
  private readonly watch: JournalWatch;
  private readonly lives: (owner: string) => boolean;

  /** `window`: how many blocks a table remembers beside. `lives`: whether the owner of an entry does. */
  constructor(window: number, watch: JournalWatch, lives: (owner: string) => boolean) {
    this.window = window;
    this.watch = watch;
    this.lives = lives;
  }

  rows(name: string): readonly Row[] {
    return this.table(name).rows;
  }

  newest(topic: string, partition: number, upTo = Infinity): Entry | undefined {
    let newest: Entry | undefined;
    for (const entry of this.journal) {
      const fits = entry.topic === topic && entry.partition === partition && entry.next <= upTo;
      if (fits && entry.cut > (newest?.cut ?? -1)) newest = entry;
    }
    return newest;
  }

  /** Writes an entry where its condition holds. */
  write(entry: Entry, isConditional: boolean, token: string | undefined): Generator<void, void> {
    const statement = token === undefined ? undefined : { ...entry, token };
    return this.remembering(this.table('audit.journal'), statement, () =>
      this.writing(entry, isConditional, statement),
    );
  }

  insert(insert: AvroInsert): Generator<void, void> {
    const { insert_deduplicate, insert_deduplication_token } = insert.settings;
    const { topic, partition, cut } = insert.params;
    const place = { topic: String(topic), partition: Number(partition), cut: Number(cut) };
    const statement = insert_deduplicate === 1 ? { ...place, token: String(insert_deduplication_token) } : undefined;
    return this.remembering(this.table(insert.table), statement, () => this.inserting(insert, statement));
  }

  private *writing(entry: Entry, isConditional: boolean, statement?: Statement): Generator<void, void> {
    const newest = this.newest(entry.topic, entry.partition)?.cut ?? -1;
    if (isConditional && newest !== entry.cut - 1) return;
    yield;
    this.store(this.table('audit.journal'), '', statement, () => {
      this.watch(entry, this.newest(entry.topic, entry.partition));
      this.journal.push(entry);
    });
  }

  private *inserting({ table: name, file, where, params }: AvroInsert, statement?: Statement): Generator<void, void> {
    const { topic, partition, cut, first, next } = params;
    const isCut = !where.includes(NEWEST_CUT) || this.newest(String(topic), Number(partition))?.cut === cut;
    if (!isCut) return;
    const table = this.table(name);
    const inRange = (row: Row) =>
      row.partition === partition && row.offset >= Number(first) && row.offset < Number(next);
    const stored = new Set(where.includes('NOT IN') ? table.rows.filter(inRange).map(({ part }) => part) : []);
    const parts = new Map<string, Row[]>();
    for (const value of records(Buffer.from(file))) {
      const row = rowOf(name, value);
      if (!stored.has(row.part)) parts.set(row.part, [...(parts.get(row.part) ?? []), row]);
    }
    for (const [part, rows] of parts) {
      yield;
      this.store(table, part, statement, () => table.rows.push(...rows));
    }
  }

  private table(name: string): Table {
    const found = this.tables.get(name) ?? { rows: [], blocks: new Map(), underWay: [], running: [] };
    this.tables.set(name, found);
    return found;
  }

  private store(table: Table, part: string, statement: Statement | undefined, store: () => void): void {
    const block = `${part} ${statement?.token}`;
    if (statement !== undefined && table.blocks.has(block)) return;
    store();
    if (statement !== undefined) table.blocks.set(block, statement);
  }

  /** A statement from the moment it is sent. */
  private remembering(
    table: Table,
    statement: Statement | undefined,
    work: () => Generator<void, void>,
  ): Generator<void, void> {
    if (statement === undefined) return work();
    const { underWay, running } = table;
    const forget = () => this.forget(table);
    underWay.push(statement);
    return (function* () {
      running.push(statement);
      try {
        yield* work();
      } finally {
        running.splice(running.indexOf(statement), 1);
        underWay.splice(underWay.indexOf(statement), 1);
        forget();
      }
    })();
  }

  private forget({ blocks, underWay, running }: Table): void {
    for (const [block, { token, topic, partition, cut }] of blocks) {
      if (blocks.size <= this.window) break;
      const newest = this.newest(topic, partition);
      const isNewest = newest?.cut === cut;
      const isKept = (isNewest ? underWay : running).some((statement) => statement.token === token);
      if (!isKept && !(isNewest && this.lives(newest.owner))) blocks.delete(block);
    }
  }
}

const tables = new Map(Object.values(TABLES).map((table) => [String(table.name), table]));

function rowOf(name: string, value: Value): Row {
  const place = tables.get(name)?.place;
  if (place === undefined) throw new Error(`no table ${name}`);
  return {
    part: partOf(value),
    partition: Number(value[place.partition]),
    offset: Number(value[place.offset]),
    value,
  };
}

function partOf({ retention_class = '', retention_bucket, settled_at }: Value): string {
  if (retention_bucket !== undefined) return `${retention_class}/${retention_bucket}`;
  return new Date(Number(settled_at) / 1000).toISOString().slice(0, 7);
}
