import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Store } from '../../core/store.ts';
import type { Policy } from '../../detections/policy.ts';
import type { Finding, Rule } from '../../detections/rule.ts';
import { digest, ourselves, record } from '../acts.ts';

export interface FindingsParts {
  readonly store: Store;
  readonly log: Log;
  readonly clock: Clock;
  readonly policy: Policy;
}

const finding = z.object({
  key: z.string(),
  event_id: z.string(),
  events: z.number(),
  first_at: z.number(),
  last_at: z.number(),
  person_id: z.string(),
  person_email: z.string(),
  team: z.string(),
  what: z.string(),
});

/** Asks rules and puts what they found onto the trail, each finding once. */
export function openFindings(parts: FindingsParts): (rule: Rule) => Promise<number> {
  /** Told already, though perhaps not stored yet. */
  const told = new Set<string>();

  return async (rule) => {
    const now = parts.clock.now();
    const params = rule.params(parts.policy, now);
    if (params === undefined) return 0;
    const found = (await parts.store.rows(rule.sql, params)).map((row): Finding => finding.parse(row));
    if (found.length === 0) return 0;
    const known = await stored(parts.store, rule);
    let raised = 0;
    for (const one of found) {
      const id = digest(`${rule.name}\n${one.key}`);
      if (known.has(id) || told.has(id)) continue;
      await raise(rule, one, id, parts);
      told.add(id);
      raised++;
    }
    return raised;
  };
}

async function stored(store: Store, { name }: Rule): Promise<ReadonlySet<string>> {
  const rows = await store.rows('SELECT key FROM audit.findings WHERE rule = {rule:String}', { rule: name });
  return new Set(rows.map(({ key }) => String(key)));
}

/** Senders choose how long names are; a finding too large for an event would keep itself out of the trail. */
const brief = (text: string): string => text.slice(0, 1024);

async function raise(rule: Rule, found: Finding, id: string, { log, clock }: FindingsParts): Promise<void> {
  const { event_id, events, first_at, last_at, person_id, person_email, team, what } = found;
  const act = {
    action: 'finding.raised',
    id,
    outcome: 'unknown',
    severity: rule.severity,
    policy: rule.name,
    target: brief(what),
    subject: { id: brief(person_id), email: brief(person_email), team: brief(team) },
    asker: ourselves('watch'),
    attributes: { key: id, event: event_id, events, first_at, last_at },
  } as const;
  await record(act, log, clock);
}
