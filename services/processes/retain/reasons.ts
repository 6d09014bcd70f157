import { activeHolds, anyCorrection } from '../../clickhouse/retention/holds.ts';
import type { Ground, Reasons } from '../../clickhouse/retention/keep.ts';
import type { Store } from '../../core/store.ts';
import { type RetentionRules, termsFor } from '../../retention/classify.ts';

/** What keeps rows at this moment: the holds in force, and the rules for what was learned late. */
export async function reasons(store: Store, rules: RetentionRules): Promise<Reasons> {
  return {
    holds: await activeHolds(store),
    isCorrected: await anyCorrection(store),
    contentDays: rules.content_days,
    named: named(rules),
    spansOf: (ground) => termsFor(basisOf(ground), rules).periods.map(({ period }) => period),
  };
}

function named({ rules }: RetentionRules): Reasons['named'] {
  const all = (pick: (when: RetentionRules['rules'][number]['when']) => readonly (string | undefined)[]) =>
    [...new Set(rules.flatMap(({ when }) => pick(when)))].filter((value) => value !== undefined);
  return {
    origin_topic: all(({ topic, source }) => [topic, source]),
    format: all(({ source }) => [source]),
    surface: all(({ surface }) => [surface]),
    region: all(({ region }) => [region]),
    actor_team: all(({ team }) => [team]),
    actor_project: all(({ project }) => [project]),
    data_classes: all(({ data_class }) => [data_class]),
  };
}

/** Terms are periods: they do not depend on when they begin. */
function basisOf(ground: Ground): Parameters<typeof termsFor>[0] {
  return {
    occurredAt: 0,
    receivedAt: 0,
    topic: ground.origin_topic,
    format: ground.format,
    region: ground.region,
    surface: ground.surface,
    team: ground.actor_team,
    project: ground.actor_project,
    dataClasses: ground.data_classes,
  };
}
