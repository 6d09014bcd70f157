import { z } from 'zod';
import { limitSettings, type ReadLimits, WHOLE_ANSWER } from './client.ts';
import { failure } from './failure.ts';
import { limited } from './limited.ts';
import type { Client } from './server.ts';
import type { Ask, Piece, Streams } from './streams.ts';
import { Turns } from './turns.ts';

const summary = z.object({ result_rows: z.coerce.number().int().nonnegative() });

/** Answers of a server, handed on as they come. */
export function serverStreams(client: Client, limits: ReadLimits, most: number): Streams {
  const turns = new Turns(most, () => client);
  return {
    async *ask(question, signal) {
      const turn = await turns.take(signal);
      try {
        yield* limited(answer(turn, question, limits, signal), question, limits);
      } catch (error) {
        signal.throwIfAborted();
        throw failure(error);
      } finally {
        turns.give(turn);
      }
    },
  };
}

async function* answer(client: Client, question: Ask, limits: ReadLimits, signal: AbortSignal): AsyncGenerator<Piece> {
  const { sql, format, params, settings, revision } = question;
  const { stream, response_headers: headers } = await client.exec({
    query: `${sql} FORMAT ${format}`,
    query_params: { ...params },
    clickhouse_settings: {
      ...{ ...limitSettings(limits), ...settings, ...WHOLE_ANSWER },
      ...(revision > 0 ? { client_protocol_version: revision } : {}),
    },
    abort_signal: signal,
  });
  let rows = counted(headers['x-clickhouse-summary']);
  for await (const bytes of stream) {
    yield { bytes, rows };
    rows = rows === undefined ? undefined : 0;
  }
}

/** The rows of the whole answer, told with its first piece. */
function counted(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  const parsed = summary.safeParse(JSON.parse(header));
  return parsed.success ? parsed.data.result_rows : undefined;
}
