import { type Entry, NEWEST_CUT } from '../../services/clickhouse/archive/journal.ts';
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
  /** Of the shares that are remembered, oldest first, with their tokens. */
  readonly blocks: Map<string, string>;
  /** Tokens of statements under way: the window outlives every one, however long it takes to arrive. */
  readonly underWay: string[];
}

/** Told of every entry of the journal as it is stored. */
export type JournalWatch = (entry: Entry, before: Entry | undefined) => void;

/**
 * What an engine keeps and how it decides, as far as an archive relies on it: conditions are looked at when a statement
 * begins, each partition's share of an insert is stored whole or not at all, and a share whose token is remembered is not
 * stored again.
 */
export class Engine {
  readonly journal: Entry[] = [];
  private readonly tables = new Map<string, Table>();
  private readonly window: number;
  private readonly watch: JournalWatch;

  /** `window`: how many blocks a table remembers. */
  constructor(window: number, watch: JournalWatch) {
    this.window = window;
    this.watch = watch;
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
    return this.remembering(this.table('audit.journal'), token, () => this.writing(entry, isConditional, token));
  }

  insert(insert: AvroInsert): Generator<void, void> {
    const { insert_deduplicate, insert_deduplication_token } = insert.settings;
    const token = insert_deduplicate === 1 ? String(insert_deduplication_token) : undefined;
    return this.remembering(this.table(insert.table), token, () => this.inserting(insert, token));
  }

  private *writing(entry: Entry, isConditional: boolean, token: string | undefined): Generator<void, void> {
    const newest = this.newest(entry.topic, entry.partition)?.cut ?? -1;
    if (isConditional && newest !== entry.cut - 1) return;
    yield;
    this.store(this.table('audit.journal'), '', token, () => {
      this.watch(entry, this.newest(entry.topic, entry.partition));
      this.journal.push(entry);
    });
  }

  private *inserting({ table: name, file, where, params }: AvroInsert, token?: string): Generator<void, void> {
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
      this.store(table, part, token, () => table.rows.push(...rows));
    }
  }

  private table(name: string): Table {
    const found = this.tables.get(name) ?? { rows: [], blocks: new Map(), underWay: [] };
    this.tables.set(name, found);
    return found;
  }

  private store(table: Table, part: string, token: string | undefined, store: () => void): void {
    const block = `${part} ${token}`;
    if (token !== undefined && table.blocks.has(block)) return;
    store();
    if (token !== undefined) table.blocks.set(block, token);
  }

  /** A statement from the moment it is sent: its token is not forgotten before it came to its end. */
  private remembering(
    { blocks, underWay }: Table,
    token: string | undefined,
    work: () => Generator<void, void>,
  ): Generator<void, void> {
    const { window } = this;
    if (token === undefined) return work();
    underWay.push(token);
    return (function* () {
      try {
        yield* work();
      } finally {
        underWay.splice(underWay.indexOf(token), 1);
        for (const [old, by] of blocks) {
          if (blocks.size <= window) break;
          if (!underWay.includes(by)) blocks.delete(old);
        }
      }
    })();
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
