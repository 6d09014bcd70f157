import { ORGANISATION, SERVICE_ACCOUNTS, type ServiceAccount } from './company.ts';
import { iso, json, type Message, MINUTE } from './message.ts';
import { chat } from './models.ts';
import type { Random } from './random.ts';

/**
 * Rows of the spend logs of a second LiteLLM proxy, on which the service accounts run: it reports its calls in no other
 * way, so none of them is told of twice.
 */
const ROWS = 1_050;

/** Programs work around the clock, and flush what they spent every minute. */
export function spendRows(day: number, random: Random): readonly Message[] {
  return Array.from({ length: ROWS }, () => {
    const at = day + random.integer(0, 23 * 60 * MINUTE);
    return json('gateway.spend', at + MINUTE, row(random.pick(SERVICE_ACCOUNTS), at, random));
  });
}

function row(account: ServiceAccount, at: number, random: Random): unknown {
  const { model, input, output, costMicros, tookMs } = chat(random);
  const time = (moment: number): string => iso(moment).replace('T', ' ').replace('Z', '000');
  return {
    request_id: `chatcmpl-${random.uuid()}`,
    session_id: random.uuid(),
    call_type: 'acompletion',
    status: 'success',
    cache_hit: 'False',
    cache_key: 'Cache OFF',
    api_key: account.key.hash,
    user: '',
    team_id: `team-${account.team}`,
    organization_id: ORGANISATION,
    startTime: time(at),
    endTime: time(at + tookMs),
    completionStartTime: time(at + tookMs),
    model: model.name,
    model_group: model.name,
    custom_llm_provider: 'anthropic',
    api_base: 'https://api.anthropic.com/v1/messages',
    spend: costMicros / 1e6,
    total_tokens: input + output,
    prompt_tokens: input,
    completion_tokens: output,
    metadata: JSON.stringify(keyOf(account)),
    request_tags: '[]',
    end_user: '',
    requester_ip_address: account.address,
    messages: '{}',
    response: '{}',
    proxy_server_request: '{}',
  };
}

const keyOf = ({ key, team, project }: ServiceAccount) => ({
  user_api_key: key.hash,
  user_api_key_alias: key.alias,
  user_api_key_team_id: `team-${team}`,
  user_api_key_team_alias: team,
  user_api_key_project_id: project,
  user_api_key_project_alias: project,
});
