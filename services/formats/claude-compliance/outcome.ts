import type { Outcome } from '../../core/event.ts';
import { type Activity, textOf } from './activity.ts';

/** How a type says that something did not come to its end: what follows is not in this entry. */
const UNFINISHED = /_(initiated|attempted|started|requested)$/;

/** The feed's words for "the user was denied access"; elsewhere `_failed` says no more than that it failed. */
const DENIED = /^claude_(chat|file)_access_failed$|_(denied|rejected|dismissed|blocked)$/;

/** How an activity ended: by its type, then by the fields that say so, and success where neither says otherwise. */
export function outcomeOf(activity: Activity): Outcome {
  if (DENIED.test(activity.type)) return 'denied';
  if (/_failed$|_invalid$|_audit_truncated$/.test(activity.type)) return 'failure';
  const told = fromFields(activity);
  if (told !== undefined) return told;
  return UNFINISHED.test(activity.type) ? 'unknown' : 'success';
}

/** What was decided about a request: the feed's field, or the word its type ends with. */
export function decisionOf(activity: Activity): string | undefined {
  const { approved } = activity;
  if (typeof approved === 'boolean') return approved ? 'approved' : 'rejected';
  const [, word] = /_(approved|denied|rejected|dismissed|granted|revoked)$/.exec(activity.type) ?? [];
  return textOf(activity, 'decision') ?? word;
}

function fromFields(activity: Activity): Outcome | undefined {
  const { status, status_code, failed, approved } = activity;
  if (failed === true) return 'failure';
  if (approved === false) return 'denied';
  if (typeof status_code === 'number' && status_code >= 400)
    return status_code === 401 || status_code === 403 ? 'denied' : 'failure';
  const nested = typeof status === 'object' && status !== null ? textOf({ ...status }, 'outcome') : undefined;
  const [word] = [nested, ...TELLING.map((name) => textOf(activity, name))].filter((said) => said !== undefined);
  return word === undefined ? undefined : meaning(word);
}

const TELLING = ['outcome', 'result', 'validation_result', 'decision'] as const;

/** `result` and `outcome` are open lists of words, such as imported, rejected_feature_disabled, failed_internal. */
function meaning(word: string): Outcome {
  if (/^(success|succeeded|imported|approved|allowed|issued)/.test(word)) return 'success';
  if (/^(denied|blocked|rejected|dismissed|refused|forbidden)/.test(word)) return 'denied';
  if (/^(fail|error|invalid)/.test(word)) return 'failure';
  return 'unknown';
}
