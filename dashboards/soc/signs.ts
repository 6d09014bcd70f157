/** What marks an event, as SQL over audit.trail. */

/** Claude Code's mode without permission checks, entered or in force; leaving it is no bypass. */
export const BYPASSED = `mapContainsValue(attributes, 'bypassPermissions') AND attributes['attributes.from_mode'] != 'bypassPermissions'`;

/** A guardrail did more than let it pass. */
export const GUARDED = `hasAny(guardrails.verdict, ['flag', 'block', 'mask'])`;

/** What an act was aimed at, in the words that say most. */
export const WHAT = `multiIf(command != '', command, notEmpty(file_paths), arrayStringConcat(file_paths, ', '), target != '', target, tool_name)`;
