import { z } from 'zod';
import { NEWEST_CUT } from '../../services/clickhouse/archive/journal.ts';
import type { ClickHouse, Params, Writer } from '../../services/clickhouse/client.ts';
import { ClickHouseFailure } from '../../services/clickhouse/failure.ts';
import type { Watermark } from '../../services/core/origin.ts';
import type { Store } from '../../services/core/store.ts';
import type { Engine, Row } from './engine.ts';
import type { Process } from './process.ts';

/** A question the archive and the lanes ask, known by words that only it has. */
type Question = readonly [RegExp, (engine: Engine, params: Params, sql: string) => readonly object[]];

const marks = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.record(z.string(), z.object({ offset: z.number(), ordinal: z.number() })));
const entryParams = z
  .object({
    topic: z.string(),
    partition: z.number(),
    cut: z.number(),
    first: z.number(),
    next: z.number(),
    rows: z.number(),
    owner: z.string(),
    before: marks,
    after: marks,
  })
  .transform(({ before, after, ...entry }) => ({
    ...entry,
    before: new Map(Object.entries(before)),
    after: new Map(Object.entries(after)),
  }));

const toText = (taken: ReadonlyMap<string, Watermark>): string => JSON.stringify(Object.fromEntries(taken));

const rowsWithin = (engine: Engine, table: string, { partition }: Params, from: unknown, before: unknown) =>
  engine
    .rows(table)
    .filter((row) => row.partition === partition && row.offset >= Number(from) && row.offset < Number(before));

const QUESTIONS: readonly Question[] = [
  [
    /^SELECT cut, owner FROM audit\.journal/,
    (engine, { topic, partition, cut }) => {
      const found = engine.newest(String(topic), Number(partition));
      return found === undefined || found.cut < Number(cut) ? [] : [{ cut: found.cut, owner: found.owner }];
    },
  ],
  [
    /FROM audit\.journal/,
    (engine, { topic, partition, upTo }) => {
      const found = engine.newest(String(topic), Number(partition), Number(upTo));
      if (found === undefined) return [];
      const { before, after, ...entry } = found;
      return [{ ...entry, before_marks: toText(before), after_marks: toText(after) }];
    },
  ],
  [
    /^SELECT count\(\) AS rows FROM/,
    (engine, params, sql) => {
      const table = /FROM (\S+)/.exec(sql)?.[1] ?? '';
      return [{ rows: rowsWithin(engine, table, params, params.first, params.next).length }];
    },
  ],
  [/countIf\(r\.first > r\.reached\)/, settledTo],
  [/max\(\(e\.origin_offset, e\.origin_ordinal\)\)/, marksBefore],
];

function settledTo(engine: Engine, { sink, partition }: Params): readonly object[] {
  const receipts = engine
    .rows('audit.deliveries')
    .filter(({ value }) => value.sink === sink && value.audit_partition === partition && value.replay === '')
    .map(({ value, offset }) => ({ first: Number(value.first), next: Number(value.next), offset }))
    .sort((a, b) => a.first - b.first || a.next - b.next);
  const begin = receipts.toSorted((a, b) => a.offset - b.offset)[0]?.first ?? 0;
  let end = 0;
  const holes: number[] = [];
  for (const { first, next } of receipts) {
    const reached = Math.max(begin, end);
    if (first > reached) holes.push(reached);
    end = Math.max(end, next);
  }
  const hole = holes.length === 0 ? 0 : Math.min(...holes);
  return [{ receipts: receipts.length, holes: holes.length, hole, end }];
}

function marksBefore(engine: Engine, params: Params): readonly object[] {
  const last = new Map<string, Watermark>();
  for (const { value } of rowsWithin(engine, 'audit.events', params, params.from, params.offset)) {
    const lineage = `${value.origin_epoch}/${value.origin_topic}/${value.origin_partition}`;
    const at = { offset: Number(value.origin_offset), ordinal: Number(value.origin_ordinal) };
    const known = last.get(lineage);
    const isLess = known !== undefined && (known.offset - at.offset || known.ordinal - at.ordinal) >= 0;
    if (!isLess) last.set(lineage, at);
  }
  return [...last].map(([lineage, at]) => ({ lineage, ...at }));
}

/** A page of `readEvents`. */
function events(engine: Engine, params: Params): string {
  const line = ({ value, offset }: Row) =>
    JSON.stringify({ ...value, audit_offset: offset }, (_, field: unknown) =>
      isBytes(field) ? Buffer.from(field.data).toString('hex') : field,
    );
  return rowsWithin(engine, 'audit.events', params, params.from, params.before)
    .toSorted((a, b) => a.offset - b.offset)
    .slice(0, Number(params.limit))
    .map(line)
    .join('\n');
}

/** What a Buffer says of itself before a replacer sees it. */
const isBytes = (field: unknown): field is { readonly data: readonly number[] } =>
  typeof field === 'object' && field !== null && 'type' in field && field.type === 'Buffer' && 'data' in field;

function answer(engine: Engine, sql: string, params: Params): readonly object[] {
  const known = QUESTIONS.find(([words]) => words.test(sql));
  if (known === undefined) throw new Error(`the double does not know the question ${sql.slice(0, 80)}`);
  return known[1](engine, params, sql);
}

const unanswered = () => new ClickHouseFailure('no answer', undefined, undefined);

/** The engine as one process reaches it. */
export function clickhouseOf(process: Process, engine: Engine): ClickHouse {
  const ask = <T>(what: string, read: () => T) => process.ask('clickhouse', what, read, unanswered);
  const act = (what: string, work: () => Generator<void, void>) => process.call('clickhouse', what, work, unanswered);
  const store: Store = {
    rows: async (sql, params = {}) => {
      const rows = await ask(`ask ${/FROM (\S+)/.exec(sql)?.[1]}`, () => answer(engine, sql, params));
      return rows.map((row) => ({ ...row }));
    },
    text: (sql, _, params = {}) =>
      ask('read stored events', () => {
        if (!/PREWHERE e\.audit_partition/.test(sql)) throw new Error('the double does not know this question');
        return events(engine, params);
      }),
  };
  const writer: Writer = {
    ...store,
    run(sql, params = {}, settings = {}) {
      if (!sql.startsWith('INSERT INTO audit.journal')) throw new Error('the double does not know this statement');
      const entry = entryParams.parse(params);
      const isConditional = sql.includes(`${NEWEST_CUT} = {cut:Int64} - 1`);
      const token = settings.insert_deduplicate === 1 ? String(settings.insert_deduplication_token) : undefined;
      return act(`journal cut ${entry.cut} of ${entry.topic}/${entry.partition}`, () =>
        engine.write(entry, isConditional, token),
      );
    },
    insert: (insert) => act(`insert cut ${insert.params.cut} into ${insert.table}`, () => engine.insert(insert)),
  };
  const streams = () => {
    throw new Error('nobody streams here');
  };
  return { writer, reader: () => store, streams, close: async () => {} };
}
