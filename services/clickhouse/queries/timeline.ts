import { defineQuery, IN_WINDOW, WINDOW } from './query.ts';

export const timeline = defineQuery({
  name: 'timeline',
  title: 'What happened in a session, or what did a person do, in order?',
  params: { ...WINDOW, session: '', user: '' },
  sql: `SELECT occurred_at, surface, product, action, outcome, actor_email, actor_confidence,
  if(mcp_server = '', tool_name, concat(mcp_server, '/', tool_name)) AS tool,
  multiIf(command != '', command, notEmpty(file_paths), arrayStringConcat(file_paths, ', '), target != '', target, model_requested) AS what,
  session_id, event_id
FROM audit.trail
WHERE ${IN_WINDOW}
  AND ({session:String} = '' OR session_id = {session:String})
  AND ({user:String} = '' OR lower(actor_email) = lower({user:String}))
  AND ({session:String} != '' OR {user:String} != '')
ORDER BY occurred_at, origin_topic, origin_partition, origin_offset, origin_ordinal`,
});
