import { z } from 'zod';
import { byEmail, type Person, SERVICE_ACCOUNTS } from '../../services/processes/demo/company.ts';
import { dayCalls } from '../../services/processes/demo/day.ts';
import type { Usage } from '../../services/processes/demo/models.ts';
import { bySubject, codingSteps, payer, said } from './demo-said.ts';
import { grouped, sum } from './rows.ts';

/** A call that somebody is charged for, told once, whoever else reports it. */
interface Charged {
  readonly team: string;
  readonly project: string;
  readonly person: string;
  readonly model: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Undefined where the gateway does not say. */
  readonly microUsd: number | undefined;
}

/** What `chargeback` is to answer, by `team | project | person | model`. */
export const chargedTo = (day: number) =>
  grouped(
    charged(day),
    ({ team, project, person, model }) => [team, project, person, model].join(' | '),
    (some) => ({
      requests: some.length,
      prompt_tokens: sum(some.map(({ promptTokens }) => promptTokens)),
      completion_tokens: sum(some.map(({ completionTokens }) => completionTokens)),
      without_cost: some.filter(({ microUsd }) => microUsd === undefined).length,
      usd: sum(some.map(({ microUsd = 0 }) => microUsd)) / 1e6,
    }),
  );

/** Claude Code's own account counts where no gateway keeps one. */
export function charged(day: number): readonly Charged[] {
  const direct = codingSteps(day).flatMap(({ person, route, step }) =>
    step.kind === 'model' && !step.overloaded && route !== 'litellm' ? [charge(person, step.usage)] : [],
  );
  const throughLitellm = dayCalls(day).map(({ person, usage, fate }) =>
    fate === 'served' || fate === 'masked' ? charge(person, usage) : { ...charge(person, usage), ...NOTHING },
  );
  return [...direct, ...throughLitellm, ...byOtherGateways(day)];
}

const NOTHING = { promptTokens: 0, completionTokens: 0, microUsd: 0 };

function charge(person: Person | undefined, usage: Usage): Charged {
  const { input, cacheRead, cacheWrite, output, costMicros, model } = usage;
  const tokens = { promptTokens: input + cacheRead + cacheWrite, completionTokens: output };
  return { ...payer(person), model: model.name, ...tokens, microUsd: costMicros };
}

const micros = (usd: number): number => Math.round(usd * 1e6);

function byOtherGateways(day: number): readonly Charged[] {
  const kong = said(day, 'gateway.logs', kongCall).map(({ consumer, ai: { proxy } }) => ({
    ...payer(byEmail(consumer.username)),
    model: proxy.meta.request_model,
    promptTokens: proxy.usage.prompt_tokens,
    completionTokens: proxy.usage.completion_tokens,
    microUsd: micros(proxy.usage.cost),
  }));
  const agentgateway = said(day, 'gateway.logs', agentgatewayCall).map((line) => ({
    ...payer(bySubject(line['jwt.sub'])),
    ...genAi(line),
    microUsd: micros(line['agw.ai.usage.cost.total']),
  }));
  const envoy = said(day, 'gateway.logs', envoyCall).map((line) => ({
    ...payer(byEmail(line['x-user-email'])),
    ...genAi(line),
    microUsd: undefined,
  }));
  const programs = said(day, 'gateway.spend', spendRow).map((row) => ({
    ...program(row.api_key),
    model: row.model,
    promptTokens: row.prompt_tokens,
    completionTokens: row.completion_tokens,
    microUsd: micros(row.spend),
  }));
  return [...kong, ...agentgateway, ...envoy, ...programs];
}

function program(hash: string) {
  const found = SERVICE_ACCOUNTS.find(({ key }) => key.hash === hash);
  if (found === undefined) throw new Error('no program has this key');
  return { team: found.team, project: found.project, person: found.key.alias };
}

const genAi = (line: z.output<typeof genAiFields>) => ({
  model: line['gen_ai.request.model'],
  promptTokens: line['gen_ai.usage.input_tokens'],
  completionTokens: line['gen_ai.usage.output_tokens'],
});

const kongCall = z.object({
  consumer: z.object({ username: z.string() }),
  ai: z.object({
    proxy: z.object({
      meta: z.object({ request_model: z.string() }),
      usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number(), cost: z.number() }),
    }),
  }),
});
const genAiFields = z.object({
  'gen_ai.request.model': z.string(),
  'gen_ai.usage.input_tokens': z.number(),
  'gen_ai.usage.output_tokens': z.number(),
});
const agentgatewayCall = genAiFields.extend({ 'jwt.sub': z.string(), 'agw.ai.usage.cost.total': z.number() });
const envoyCall = genAiFields.extend({ 'x-user-email': z.string() });
const spendRow = z.object({
  api_key: z.string(),
  model: z.string(),
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  spend: z.number(),
});
