import { defineQuery, IN_DAYS, IN_WINDOW, PERSON, WINDOW } from './query.ts';

export const costsByTeam = defineQuery({
  name: 'costs-by-team',
  title: 'What did each team and model cost? A call that several sources report counts once.',
  params: { ...WINDOW },
  sql: `SELECT actor_team, product, model_requested, count() AS requests, sum(tokens_prompt) AS prompt_tokens,
  sum(tokens_completion) AS completion_tokens, toDecimal128(sum(cost_micro_usd), 6) / 1000000 AS usd
FROM audit.costs WHERE ${IN_WINDOW} GROUP BY actor_team, product, model_requested
ORDER BY usd DESC, actor_team, product, model_requested`,
  rolled: `SELECT actor_team, product, model_requested, sum(d.requests) AS requests, sum(d.tokens_prompt) AS prompt_tokens,
  sum(d.tokens_completion) AS completion_tokens, toDecimal128(sum(d.cost_micro_usd), 6) / 1000000 AS usd
FROM audit.daily AS d WHERE ${IN_DAYS} AND d.requests > 0 GROUP BY actor_team, product, model_requested
ORDER BY usd DESC, actor_team, product, model_requested`,
});

export const chargeback = defineQuery({
  name: 'chargeback',
  title: 'What is to be charged to each team, project, person and model? With --format CSVWithNames for a spreadsheet.',
  params: { ...WINDOW, team: '' },
  sql: `SELECT actor_team AS team, actor_project AS project, ${PERSON} AS person,
  if(model_served = '', model_requested, model_served) AS model, count() AS requests,
  sum(tokens_prompt) AS prompt_tokens, sum(tokens_cache_read) AS cached_tokens, sum(tokens_completion) AS completion_tokens,
  countIf(cost_micro_usd IS NULL) AS without_cost, toDecimal128(sum(cost_micro_usd), 6) / 1000000 AS usd
FROM audit.costs
WHERE ${IN_WINDOW} AND ({team:String} = '' OR actor_team = {team:String})
GROUP BY team, project, person, model
ORDER BY team, project, usd DESC, person, model`,
  rolled: `SELECT actor_team AS team, actor_project AS project, ${PERSON} AS person,
  if(model_served = '', model_requested, model_served) AS model, sum(d.requests) AS requests,
  sum(d.tokens_prompt) AS prompt_tokens, sum(d.tokens_cache_read) AS cached_tokens, sum(d.tokens_completion) AS completion_tokens,
  sum(d.without_cost) AS without_cost, toDecimal128(sum(d.cost_micro_usd), 6) / 1000000 AS usd
FROM audit.daily AS d
WHERE ${IN_DAYS} AND d.requests > 0 AND ({team:String} = '' OR actor_team = {team:String})
GROUP BY team, project, person, model
ORDER BY team, project, usd DESC, person, model`,
});
