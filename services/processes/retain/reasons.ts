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
    spansOf: (ground) => termsFor(basisOf(ground), rules).periods.map(({ period }) => period),
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
