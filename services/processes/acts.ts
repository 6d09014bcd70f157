import { createHash, randomUUID } from 'node:crypto';
import type { Asker } from '../console/desk.ts';
import type { Clock } from '../core/clock.ts';
import type { Action, Outcome } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import { OWN_TOPIC } from './bindings.ts';
import { VERSION } from './version.ts';

/** Something Trailhouse itself was asked to do. */
export interface Act {
  readonly action: Action & `audit.${string}`;
  readonly outcome: Outcome;
  readonly target: string;
  readonly asker: Asker;
  readonly attributes?: Readonly<Record<string, string | number>>;
  /** Free text, such as the query: kept as content. */
  readonly content?: Readonly<Record<string, unknown>>;
}

/** Own acts take the same way as everything else. Resolves once the act is durable; without it there is no answer. */
export async function record(act: Act, log: Log, clock: Clock): Promise<void> {
  const { action, outcome, target, asker, attributes, content } = act;
  const envelope = {
    trailhouse: 1,
    id: randomUUID(),
    time: clock.now().toISOString(),
    surface: 'admin',
    product: { name: 'trailhouse', version: VERSION },
    action,
    outcome,
    target,
    ...(asker.id === '' ? {} : { actor: { kind: 'user', id: asker.id, basis: 'device' } }),
    client: { address: asker.address, user_agent: asker.userAgent },
    attributes,
    content,
  };
  await log.append(OWN_TOPIC, 0, [{ value: Buffer.from(JSON.stringify(envelope)) }]);
}

/** Queries that ask the same are told by this. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
