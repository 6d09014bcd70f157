import { drainPending, Session } from 'chdb';
import { limitSettings, type ReadLimits, type Settings } from './client.ts';
import { failure } from './failure.ts';
import { limited } from './limited.ts';
import { asNative } from './native.ts';
import { literal, settingsClause } from './sql.ts';
import { formatOf } from './stream-formats.ts';
import type { Ask, Piece, Streams } from './streams.ts';
import { Turns } from './turns.ts';

/**
 * With it ClickHouse would run the subqueries of IN while it plans, and chdb plans in the thread that asks: everything else in
 * this process would stand still meanwhile.
 */
const PLAN_ALONE: Settings = { use_index_for_in_with_subqueries: 0 };

/** What a question can make out of nothing in one go. */
const OUT_OF_NOTHING: Settings = { function_range_max_elements_in_block: 10_000_000 };

/** Answers of the engine in this process: a session for each question at work. */
export class EmbeddedStreams implements Streams {
  readonly #sessions: Session[] = [];
  readonly #limits: ReadLimits;
  readonly #turns: Turns<Session>;
  readonly #atWork = new Set<Promise<void>>();

  constructor(path: string, limits: ReadLimits, most: number) {
    this.#limits = limits;
    const settings = Object.entries({ ...limitSettings(limits), ...PLAN_ALONE, ...OUT_OF_NOTHING });
    this.#turns = new Turns(most, () => {
      const session = new Session(path);
      for (const [name, value] of settings) session.query(`SET ${name} = ${literal(value)}`);
      this.#sessions.push(session);
      return session;
    });
  }

  async *ask(question: Ask, signal: AbortSignal): AsyncGenerator<Piece> {
    const session = await this.#turns.take(signal);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#atWork.add(promise);
    try {
      yield* limited(answer(session, question, signal), question, this.#limits);
    } catch (error) {
      signal.throwIfAborted();
      throw failure(error);
    } finally {
      this.#turns.give(session);
      this.#atWork.delete(promise);
      resolve();
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#atWork);
    for (const session of this.#sessions) session.close();
    await drainPending();
  }
}

async function* answer(session: Session, question: Ask, signal: AbortSignal): AsyncGenerator<Piece> {
  const { format, params, settings, revision } = question;
  const sql = `${question.sql} FORMAT ${format}${settingsClause(settings)}`;
  const kind = formatOf(format);
  if (!question.streams || kind.shape === 'whole') {
    const result = await session.queryBindAsync(sql, params, { format });
    const bytes = result.bytes();
    yield { bytes: format === 'Native' ? asNative(bytes, revision) : bytes, rows: result.rowsRead };
    return;
  }
  let head = 0;
  // Ending between two pieces ends the query: while one is fetched, the engine cannot be stopped.
  for await (const chunk of session.queryStreamBind(sql, params, { format })) {
    signal.throwIfAborted();
    const bytes = chunk.raw();
    yield { bytes: format === 'Native' ? asNative(bytes, revision) : bytes.subarray(head), rows: chunk.numRows };
    if (head === 0 && kind.shape === 'headed') head = kind.head(bytes);
  }
}
