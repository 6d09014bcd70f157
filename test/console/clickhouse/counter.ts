import type {
  Begun,
  Counter,
  Failure,
  Part,
  Principal,
  Request,
} from '../../../services/console/clickhouse/counter.ts';
import type { Asker } from '../../../services/console/desk.ts';

export const ADA: Principal = { name: 'ada', role: 'analyst', operator: true };

/** A pipeline that gives one answer and remembers what it was asked. */
export function counterOf(answer: readonly Part[] | Failure | Error) {
  const asked: { readonly request: Request; readonly principal: Principal; readonly asker: Asker }[] = [];
  const turnedAway: Asker[] = [];
  const counter: Counter = {
    version: '26.7.2.1',
    timezone: 'UTC',
    displayName: 'trailhouse',
    limits: { max_execution_time: 60, max_result_rows: 1000 },
    holder: (token) => (token === 'thop_ada' ? ADA : undefined),
    async ask(request, principal, asker): Promise<Begun | Failure> {
      asked.push({ request, principal, asker });
      if (answer instanceof Error) throw answer;
      if ('kind' in answer) return answer;
      return { kind: 'answer', format: request.format, rows: 3, bytes: 12, elapsedMs: 1.5, parts: inOrder(answer) };
    },
    async turnedAway(asker) {
      turnedAway.push(asker);
    },
  };
  return { counter, asked, turnedAway };
}

async function* inOrder(parts: readonly Part[]): AsyncGenerator<Part> {
  yield* parts;
}

export const part = (text: string): Part => ({ kind: 'bytes', bytes: Buffer.from(text) });
