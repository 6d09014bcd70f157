import { z } from 'zod';
import { limitSettings, type ReadLimits } from '../../clickhouse/client.ts';
import type { Streams } from '../../clickhouse/streams.ts';
import type { Begun, Counter, Part } from '../../console/clickhouse/counter.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Store } from '../../core/store.ts';
import { record } from '../acts.ts';
import { fold } from '../fold.ts';
import { type Operators, operatorOf } from '../operators.ts';
import { failureOf } from './failures.ts';
import { type Held, hold } from './held.ts';
import { readQuestion } from './read.ts';
import { teller } from './told.ts';

export interface QuestionParts {
  /** For the parser's tree, and for what is told of the server. */
  readonly store: Store;
  readonly streams: Streams;
  readonly limits: ReadLimits;
  readonly log: Log;
  readonly clock: Clock;
  readonly operators: Operators;
  /** Told of each question. */
  count(kind: string): void;
}

const server = z.object({ version: z.string(), timezone: z.string(), revision: z.number().int() });

/** What the server calls itself. The name of the machine is nobody's business. */
const DISPLAY_NAME = 'trailhouse';

/** Questions of the ClickHouse protocol: gated by who asks, answered as they come, told before anything is handed out. */
export async function openQuestions(parts: QuestionParts): Promise<Counter> {
  const { store, streams, log, clock, operators } = parts;
  const [row] = await store.rows('SELECT version() AS version, timezone() AS timezone, revision() AS revision');
  const about = { ...server.parse(row), displayName: DISPLAY_NAME };
  const folded = fold(clock);
  const explain = (statement: string): Promise<string> => store.text(statement, 'TabSeparatedRaw');

  return {
    ...about,
    limits: limitSettings(parts.limits),

    holder(token) {
      const operator = operatorOf(token, operators);
      return operator === undefined ? undefined : { ...operator, operator: true };
    },

    async ask(request, principal, asker, signal) {
      parts.count('clickhouse');
      const asked = clock.now();
      const tell = teller({ request, principal, asker, begun: asked }, folded, parts);
      const read = await readQuestion(request, principal, about, explain).catch(failureOf);
      if ('kind' in read) {
        await tell([], { rows: 0, bytes: 0, phase: 'whole', fault: read });
        return read;
      }
      const { question, params } = read;
      const pieces = streams.ask({ ...request, ...question, params }, signal);
      const held = await hold(pieces, (course) => tell(question.tables, course)).catch(failureOf);
      return 'kind' in held ? held : begun(held, request.format, clock.now().getTime() - asked.getTime());
    },

    async turnedAway(asker) {
      const target = 'ClickHouse protocol';
      const act = { action: 'auth.login', outcome: 'denied', severity: 'medium', target, asker } as const;
      await folded(JSON.stringify(['turned away', asker.address]), async () => {
        await record({ ...act, attributes: { what: 'token' } }, log, clock);
      });
    },
  };
}

function begun({ course, pieces }: Held, format: string, elapsedMs: number): Begun {
  return { kind: 'answer', format, rows: course.rows, bytes: course.bytes, elapsedMs, parts: parted(pieces) };
}

async function* parted(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Part> {
  try {
    for await (const bytes of pieces) yield { kind: 'bytes', bytes };
  } catch (error) {
    yield failureOf(error);
  }
}
