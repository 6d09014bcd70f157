import { keyTooOld, useAfterDeprovisioning } from './lifecycle.ts';
import { mcpServerNotApproved, modelNotAllowed, outsideRegion, transcriptsOutsidePolicy } from './limits.ts';
import { phiWithoutZeroRetention, reviewOverdue } from './phi.ts';
import type { Rule } from './rule.ts';

/** Everything that is looked for. A new rule is a value and a line here. */
export const rules: readonly Rule[] = [
  useAfterDeprovisioning,
  keyTooOld,
  modelNotAllowed,
  mcpServerNotApproved,
  transcriptsOutsidePolicy,
  outsideRegion,
  phiWithoutZeroRetention,
  reviewOverdue,
];
