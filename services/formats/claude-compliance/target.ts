import { type Activity, textOf } from './activity.ts';

/** Ids that say where or by which request it happened, not what it happened to; the last resort before nothing. */
const SURROUNDINGS: readonly string[] = ['workspace_id', 'profile_id', 'marketplace_id', 'organization_id'];

/** Ids of the act itself. */
const NOT_OBJECTS: readonly string[] = ['organization_uuid', 'request_id', 'correlation_id', 'reference_id'];

/**
 * What an activity was done to: the id that its type names, and of several the one named last (`..._session_resource_added`
 * is about `resource_id`, not `session_id`). Where the type names none: the person it is about, or the first other id.
 */
export function targetOf(activity: Activity): string | undefined {
  const ids = Object.keys(activity).filter((name) => name.endsWith('_id') && textOf(activity, name) !== undefined);
  const [named] = ids
    .filter((name) => !NOT_OBJECTS.includes(name))
    .map((name) => ({ name, end: endIn(activity.type, name.slice(0, -'_id'.length)) }))
    .filter(({ end }) => end > 0)
    .toSorted((a, b) => b.end - a.end || b.name.length - a.name.length);
  const others = ids.filter((name) => !NOT_OBJECTS.includes(name) && !SURROUNDINGS.includes(name));
  const names = [
    ...(named === undefined || SURROUNDINGS.includes(named.name) ? [] : [named.name]),
    ...['deleted_user_id', 'user_id', 'user_email', 'deleted_user_email', 'invited_email', 'invitee_email', 'url'],
    ...others,
    ...SURROUNDINGS,
  ];
  return names.map((name) => textOf(activity, name)).find((id) => id !== undefined);
}

/** Where the last mention of a stem ends in a type; 0 when it is not mentioned. */
function endIn(type: string, stem: string): number {
  const start = `_${type}_`.lastIndexOf(`_${stem}_`);
  return start === -1 ? 0 : start + stem.length;
}
