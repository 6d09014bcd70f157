import type { Failure, Principal, Request } from '../../console/clickhouse/counter.ts';
import type { Asker } from '../../console/desk.ts';
import type { Clock } from '../../core/clock.ts';
import type { Outcome } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import { digest, record } from '../acts.ts';
import { alike } from './alike.ts';
import type { Course } from './held.ts';

/** A question on its way. */
export interface Asking {
  readonly request: Request;
  readonly principal: Principal;
  readonly asker: Asker;
  readonly begun: Date;
}

interface Parts {
  readonly log: Log;
  readonly clock: Clock;
}

type Fold = (key: string, tell: () => Promise<void>) => Promise<void>;

/** Puts questions onto the trail: who asked what of which views, and what they were given. */
export function teller({ request, principal, asker, begun }: Asking, folded: Fold, { log, clock }: Parts) {
  const { sql, params, format, id } = request;
  // Not an object: names are the asker's, and a name such as __proto__ would not fit the trail.
  const bound = Object.entries(params).map(([name, value]) => ({ name, value }));
  return async (tables: readonly string[], course: Course): Promise<void> => {
    const { rows, bytes, phase, fault } = course;
    const outcome = outcomeOf(course);
    const attributes = {
      ...{ what: 'clickhouse', query: digest(JSON.stringify([sql, params])).slice(0, 16), query_id: id, format },
      ...{ views: tables.toSorted().join(', '), phase, bytes },
      ...(rows === undefined ? {} : { rows }),
      duration_ms: clock.now().getTime() - begun.getTime(),
    };
    const content = { sql, ...(bound.length > 0 ? { params: bound } : {}), ...reasonOf(fault) };
    const act = {
      ...({ action: 'audit.query', outcome, target: 'sql', asker, attributes, content } as const),
      ...(principal.operator ? { operator: principal.name } : {}),
    };
    const who = [principal.name, asker.address, asker.userAgent];
    const key = JSON.stringify([...who, digest(JSON.stringify([alike(sql), params])), outcome, phase]);
    await folded(key, async () => void (await record(act, log, clock)));
  };
}

function outcomeOf({ phase, fault }: Course): Outcome {
  if (phase === 'began') return 'unknown';
  if (fault === undefined) return 'success';
  return isFailure(fault) && DENIED.has(fault.code) ? 'denied' : 'failure';
}

/** Not ours to give: ACCESS_DENIED and READONLY. */
const DENIED = new Set([497, 164]);

/** ClickHouse's words may quote what a row holds: those stay with the asker. Ours say what was wrong with the question. */
const reasonOf = (fault: unknown): Readonly<Record<string, string>> =>
  isFailure(fault) ? { reason: fault.message } : {};

const isFailure = (fault: unknown): fault is Failure =>
  typeof fault === 'object' && fault !== null && 'kind' in fault && fault.kind === 'failed';
