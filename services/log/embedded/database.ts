import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Written to `user_version`: a file of a later release is refused, not guessed at. */
const VERSION = 1;

/** How long one statement waits for another process' lock; longer waits are the writer's, off the event loop. */
const BUSY_MS = 100;

const SCHEMA = `
  CREATE TABLE topics (name TEXT PRIMARY KEY, retention_ms INTEGER NOT NULL, max_record_bytes INTEGER NOT NULL);
  CREATE TABLE partitions (
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL, number INTEGER NOT NULL,
    start INTEGER NOT NULL DEFAULT 0, next INTEGER NOT NULL DEFAULT 0, UNIQUE (topic, number));
  CREATE TABLE blocks (
    id INTEGER PRIMARY KEY, partition INTEGER NOT NULL, first INTEGER NOT NULL, next INTEGER NOT NULL,
    appended_ms INTEGER NOT NULL, bytes INTEGER NOT NULL, records BLOB NOT NULL);
  CREATE UNIQUE INDEX blocks_by_offset ON blocks (partition, first);
  CREATE TABLE registered (consumer TEXT NOT NULL, topic TEXT NOT NULL, PRIMARY KEY (consumer, topic));
  CREATE TABLE committed (
    consumer TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL,
    position INTEGER NOT NULL, metadata TEXT NOT NULL, PRIMARY KEY (consumer, topic, partition));
  CREATE TABLE leases (
    consumer TEXT NOT NULL, topic TEXT NOT NULL, holder TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL,
    until_ms INTEGER NOT NULL, PRIMARY KEY (consumer, topic));
`;

/**
 * Opens the file, readable by its owner alone (raw messages are in it). WAL with synchronous=FULL: a commit is on the
 * disk when it returns (sqlite.org/pragma.html#pragma_synchronous).
 */
export function openDatabase(path: string): DatabaseSync {
  closeSync(openSync(path, 'a', 0o600));
  const database = new DatabaseSync(path, { timeout: 10_000 });
  try {
    database.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec('PRAGMA journal_size_limit = 67108864; BEGIN IMMEDIATE');
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (version > VERSION) throw new Error(`${path} was written by a later release (version ${version})`);
    if (version === 0) database.exec(`${SCHEMA} PRAGMA user_version = ${VERSION};`);
    database.exec(`COMMIT; PRAGMA busy_timeout = ${BUSY_MS}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
