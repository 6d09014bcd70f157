import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { Writer } from './client.ts';
import { quote } from './sql.ts';
import { statements } from './statements.ts';

/** A numbered file of SQL. */
export interface Migration {
  /** `NNNN_name.sql`; the order of names is the order of application. */
  readonly file: string;
  readonly sql: string;
}

/** What was applied is not what the file says now. The message names the file. */
export class MigrationChanged extends Error {
  override readonly name = 'MigrationChanged';
}

const folder = new URL('migrations/', import.meta.url);

export function migrations(): readonly Migration[] {
  const files = readdirSync(folder).filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file));
  return files.sort().map((file) => ({ file, sql: readFileSync(new URL(file, folder), 'utf8') }));
}

const REGISTER = [
  'CREATE DATABASE IF NOT EXISTS audit',
  `CREATE TABLE IF NOT EXISTS audit.migrations
   (file String, sha256 FixedString(64), applied_at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC'))
   ENGINE = MergeTree ORDER BY file
   SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1`,
];

const applied = z.array(z.object({ file: z.string(), sha256: z.string() }));

/** How often a process begins again that another one, further on, got in the way of; about a minute in all. */
const BEGINNINGS = 60;

/**
 * Applies what is new, in order; answers the files it applied. ClickHouse has neither transactions nor locks for this, so every
 * statement must be one that can run twice (`IF NOT EXISTS`, `OR REPLACE`): two processes at once both run it, and a
 * process that died half-way begins the file again. The record itself is kept once, by its deduplication token.
 *
 * A process that is behind can meet tables half-way through a later file (a view over two tables of which one has its new
 * column). It then begins again with its own first file, not with the next that is unrecorded: what it has replaced by
 * then with older definitions has to be replaced once more.
 */
export async function migrate(
  writer: Writer,
  all: readonly Migration[] = migrations(),
  pause: () => Promise<void> = () => setTimeout(1000),
): Promise<readonly string[]> {
  for (const statement of REGISTER) await writer.run(statement);
  const done = await recorded(writer);
  const fresh = all.filter(({ file }) => !done.has(file));
  verify(all, done);
  for (let beginning = 1; ; beginning++) {
    const stopped = await apply(writer, fresh);
    if (stopped === undefined) break;
    const overtaken = (await recorded(writer)).has(stopped.file);
    if (!overtaken || beginning === BEGINNINGS) throw stopped.error;
    await pause();
  }
  verify(all, await recorded(writer));
  return fresh.map(({ file }) => file);
}

/** The file that could not be applied, and why; nothing when all could. */
async function apply(
  writer: Writer,
  fresh: readonly Migration[],
): Promise<{ file: string; error: unknown } | undefined> {
  for (const { file, sql } of fresh) {
    try {
      for (const statement of statements(sql)) await writer.run(repeatable(file, statement));
    } catch (error) {
      return { file, error };
    }
    await writer.run(
      'INSERT INTO audit.migrations (file, sha256) SELECT {file:String}, {sha256:String}',
      { file, sha256: fingerprint(sql) },
      { insert_deduplication_token: file, insert_deduplicate: 1, async_insert: 0 },
    );
  }
  return undefined;
}

async function recorded(writer: Writer): Promise<ReadonlyMap<string, string>> {
  const rows = await writer.rows('SELECT file, toString(sha256) AS sha256 FROM audit.migrations');
  return new Map(applied.parse(rows).map(({ file, sha256 }) => [file, sha256]));
}

function verify(all: readonly Migration[], done: ReadonlyMap<string, string>): void {
  for (const { file, sql } of all) {
    const known = done.get(file);
    if (known !== undefined && known !== fingerprint(sql))
      throw new MigrationChanged(`migration ${file} has changed since it was applied: add a new one instead`);
  }
}

const REPEATABLE =
  /^(CREATE\s+(OR\s+REPLACE\b|(\w+\s+){1,2}IF\s+NOT\s+EXISTS\b)|ALTER\s+TABLE\b[\s\S]*\bIF\s+(NOT\s+)?EXISTS\b|ALTER\s+TABLE\s+\S+\s+MODIFY\s+SETTING\b|DROP\s+\w+\s+IF\s+EXISTS\b)/i;

function repeatable(file: string, statement: string): string {
  if (REPEATABLE.test(statement)) return statement;
  throw new Error(`migration ${file}: ${quote(statement.slice(0, 60))} cannot run twice`);
}

const fingerprint = (sql: string): string => createHash('sha256').update(sql).digest('hex');
