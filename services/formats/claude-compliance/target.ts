import { type Activity, textOf } from './activity.ts';

/** Ids of the act itself. */
const ACT: readonly string[] = ['organization_uuid', 'request_id', 'correlation_id', 'reference_id'];

/** Where it happened rather than what it happened to: the target when nothing else is named. */
const SURROUNDINGS: readonly string[] = ['workspace_id', 'profile_id', 'marketplace_id', 'organization_id'];

const PEOPLE: readonly string[] = [
  ...['deleted_user_id', 'user_id', 'user_email', 'deleted_user_email', 'invited_email', 'invitee_email'],
];

/**
 * What an activity was done to: the id that its type names, and of several the one named last: a type that ends in
 * `_session_resource_added` is about `resource_id`, not `session_id`. Where the type names none: the person concerned,
 * the address that was called, or the first other id.
 */
export function targetOf(activity: Activity): string | undefined {
  const ids = Object.keys(activity).filter((name) => name.endsWith('_id') && !ACT.includes(name));
  const objects = ids.filter((name) => !SURROUNDINGS.includes(name) && textOf(activity, name) !== undefined);
  const named = objects
    .map((name) => ({ name, end: endIn(activity.type, name) }))
    .filter(({ end }) => end > 0)
    .toSorted((a, b) => b.end - a.end || b.name.length - a.name.length)
    .map(({ name }) => name);
  const [target] = [...named.slice(0, 1), ...PEOPLE, 'url', ...objects, ...SURROUNDINGS].flatMap(
    (name) => textOf(activity, name) ?? [],
  );
  return target;
}

/** Where the last mention of what an id is of ends in a type (`claude_file_id` is of a file); 0 when there is none. */
function endIn(type: string, id: string): number {
  const stem = id.slice(0, -'_id'.length).replace(/^claude_/, '');
  const start = `_${type}_`.lastIndexOf(`_${stem}_`);
  return start === -1 ? 0 : start + stem.length;
}
