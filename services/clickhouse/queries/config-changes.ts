import { defineQuery, IN_WINDOW, NO_EMAIL, WINDOW } from './query.ts';

/** RE2 for paths of production configuration: a `prod` or `production` step in the path, or a file that says so itself. */
const PRODUCTION = String.raw`(?i)(^|[/\s=:_.-])prod(uction)?([/\s._-]|$)`;

/** RE2 for commands that change what they name. Reading a file changes nothing. */
const CHANGES =
  String.raw`(?i)\b(apply|destroy|import|taint|delete|patch|replace|edit|scale|rollout|upgrade|install|uninstall|rollback|` +
  String.raw`deploy|push|promote|set|tee|mv|cp|rm|chmod|chown|truncate)\b|\bsed\s+(-\S+\s+)*-i|>`;

export const configChanges = defineQuery({
  name: 'config-changes',
  title: 'Who changed production configuration with Claude Code, or another product, in a window?',
  params: { ...WINDOW, product: 'claude-code', paths: PRODUCTION, commands: CHANGES },
  sql: `SELECT
  occurred_at, actor_email, ${NO_EMAIL}, actor_confidence, actor_basis, action, outcome,
  multiIf(action = 'shell.exec', command, empty(file_paths), target, arrayStringConcat(file_paths, ', ')) AS changed,
  session_id, event_id
FROM audit.trail
WHERE ${IN_WINDOW}
  AND ({product:String} = '' OR product = {product:String})
  AND outcome IN ('success', 'unknown')
  AND (
    (action = 'file.write' AND arrayExists(path -> match(path, {paths:String}), if(empty(file_paths), [target], file_paths)))
    OR (action = 'shell.exec' AND match(command, {paths:String}) AND match(command, {commands:String}))
  )
ORDER BY occurred_at, event_id`,
});
