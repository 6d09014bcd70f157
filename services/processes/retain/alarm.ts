import { digest, ourselves, record } from '../acts.ts';
import type { RetainParts } from './parts.ts';

/** A hold because of which something cannot be deleted. */
interface InTheWay {
  readonly hold: string;
  readonly operator: string;
  readonly message: string;
}

/** Puts onto the trail, once a day, that a hold stands in the way, so that whoever watches the trail learns of it. */
export async function alarm(
  { hold, operator, message }: InTheWay,
  { clickhouse, log, clock }: RetainParts,
): Promise<void> {
  const day = clock.now().toISOString().slice(0, 10);
  const id = digest(`retention\n${hold}\n${message}\n${day}`);
  const told = "SELECT 1 FROM audit.events WHERE action = 'audit.act' AND source_event_id = {id:String} LIMIT 1";
  if ((await clickhouse.writer.rows(told, { id })).length > 0) return;
  await record(
    {
      action: 'audit.act',
      id,
      outcome: 'failure',
      severity: 'high',
      target: `legal hold ${hold}`,
      asker: ourselves('retain'),
      attributes: { what: 'retention alarm', hold, operator, reason: message.slice(0, 1024) },
    },
    log,
    clock,
  );
}
