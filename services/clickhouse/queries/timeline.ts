import { defineQuery, IN_WINDOW, NO_EMAIL, WINDOW } from './query.ts';

export const timeline = defineQuery({
  name: 'timeline',
  title: 'What happened in a session, or what did a person do, in order?',
  params: { ...WINDOW, session: '', user: '' },
  sql: `SELECT occurred_at, surface, product, action, outcome, actor_email, ${NO_EMAIL}, actor_confidence,
  multiIf(mcp_server = '', tool_name, tool_name = '', mcp_server, concat(mcp_server, '/', tool_name)) AS tool,
  multiIf(command != '', command, notEmpty(file_paths), arrayStringConcat(file_paths, ', '),
    action = 'llm.request' AND model_requested != '', model_requested, target != '', target, model_requested) AS what,
  if(action = 'llm.request', cost_micro_usd, NULL) AS cost_micro_usd, latency_ms, prompt_id, session_id, event_id
FROM audit.trail
WHERE ${IN_WINDOW}
  AND ({session:String} = '' OR session_id = {session:String})
  AND ({user:String} = '' OR lower(actor_email) = lower({user:String}))
  AND ({session:String} != '' OR {user:String} != '')
ORDER BY occurred_at, origin_topic, origin_partition, origin_offset, origin_ordinal`,
});
