import { z } from 'zod';
import { ACTIONS, type Action } from '../../core/event.ts';
import { instantOf } from '../instant.ts';
import { nearest } from './near.ts';

/** Null says as much as leaving the field out. */
const text = z.string('is no text').nullish();
const filled = z.string('is no text').min(1, 'is empty');
/** 2^52 is the most that the stored schema's encoder writes exactly. */
const count = z
  .number('is no number')
  .int('is no whole number')
  .min(0, 'is negative')
  .max(2 ** 52, 'is past 2^52')
  .nullish();
const amount = z.number('is no number').min(0, 'is negative').max(1e12, 'is past 10^12').nullish();

const action = z.string('is missing or no text').transform((given, context): Action => {
  if (isAction(given)) return given;
  const near = nearest(given, Object.keys(ACTIONS), 6).slice(0, 3);
  const hint = near.length === 0 ? '' : `; near it are ${near.join(', ')}`;
  context.addIssue({ code: 'custom', message: `is no action of the taxonomy${hint}` });
  return z.NEVER;
});

function isAction(word: string): word is Action {
  return Object.hasOwn(ACTIONS, word);
}

const time = z.string('is missing or no text').transform((given, context) => {
  const instant = /(Z|[+-]\d{2}:\d{2})$/i.test(given) ? instantOf(given) : undefined;
  if (instant !== undefined) return instant;
  context.addIssue({ code: 'custom', message: 'is no RFC 3339 time with a zone between 1970 and 2200' });
  return z.NEVER;
});

/** Lower case, and not all zeroes: both by https://www.w3.org/TR/trace-context/#traceparent-header-field-values. */
const TRACE = '(?!0{32})[0-9a-f]{32}';
const SPAN = '(?!0{16})[0-9a-f]{16}';
const hex = (pattern: string, words: string) =>
  z
    .string('is no text')
    .regex(new RegExp(`^${pattern}$`), words)
    .nullish();
const span = hex(SPAN, 'is not 16 lower-case hex digits');

const actor = z
  .object({
    kind: z.enum(['user', 'service', 'agent', 'device', 'system', 'unknown']).nullish(),
    basis: z.enum(['idp', 'gateway_key', 'mtls', 'email_claim', 'account_id', 'device', 'none']),
    id: text,
    email: text,
    name: text,
    groups: z.array(filled, 'is no list').nullish(),
    team: text,
    project: text,
    organisation: text,
  })
  .refine(({ basis, id, email }) => basis === 'none' || isSaid(id) || isSaid(email), {
    path: ['basis'],
    message: 'rests on an id or an email, and there is neither',
  });

const isSaid = (said: string | null | undefined): boolean => said != null && said.trim() !== '';

/** Whom an act is about: who was given access, whose key it is, whose attribution is corrected. */
const subject = {
  kind: text,
  id: text,
  email: text,
  name: text,
  team: text,
  project: text,
  organisation: text,
  /** What had stood for nobody: `actor:` and an id, or `session:` and one. */
  claim: text,
};

/** Fields that hold fields. */
export const groups = {
  actor,
  product: z.object({ name: text, version: text }),
  agent: z.object({ name: text, id: text }),
  model: z.object({ requested: text, served: text, provider: text, region: text }),
  tokens: z
    .object({ prompt: count, completion: count, cache_read: count, cache_write: count })
    .refine(
      ({ prompt, cache_read, cache_write }) => prompt == null || prompt >= (cache_read ?? 0) + (cache_write ?? 0),
      {
        path: ['prompt'],
        message: 'is less than the cached tokens, which count inside it',
      },
    ),
  tool: z.object({ name: text, server: text, virtual_server: text, method: text }),
  decision: z.object({ result: text, source: text }),
  error: z.object({ type: text, message: text }),
  client: z.object({ address: text, user_agent: text, host: text, device: text }),
  subject: z.object({ ...subject }),
};

export const guardrail = z.object({
  name: filled,
  provider: text,
  phase: text,
  mode: z.enum(['validate', 'mutate']).nullish(),
  verdict: z.enum(['pass', 'flag', 'block', 'mask', 'error', 'not_run']).nullish(),
  categories: z.array(filled, 'is no list').nullish(),
  masked_count: count,
});

const ATTRIBUTE = 'is no text of at most 1,024 characters, number or boolean';

/** One event. Fields it does not name stay in the message and become content. */
export const event = z
  .object({
    trailhouse: z.literal(1, 'is not 1, the version this reader knows'),
    time,
    action,
    outcome: z.enum(['success', 'failure', 'denied', 'unknown']),
    id: text,
    surface: z.enum(['web', 'desktop', 'cli', 'ide', 'api', 'admin']).nullish(),
    severity: z.enum(['info', 'low', 'medium', 'high', 'critical']).nullish(),
    product: groups.product.nullish(),
    actor: groups.actor.nullish(),
    agent: groups.agent.nullish(),
    session: text,
    prompt_id: text,
    request_id: text,
    tool_use_id: text,
    traceparent: hex(`00-${TRACE}-${SPAN}-[0-9a-f]{2}`, 'is no traceparent of version 00'),
    trace_id: hex(TRACE, 'is not 32 lower-case hex digits'),
    span_id: span,
    parent_span_id: span,
    model: groups.model.nullish(),
    tokens: groups.tokens.nullish(),
    cost_usd: amount.refine((dollars) => dollars == null || dollars <= 1e9, 'is past 10^9'),
    cost_micro_usd: count,
    latency_ms: amount,
    time_to_first_token_ms: amount,
    tool: groups.tool.nullish(),
    policy: text,
    target: text,
    files: z.array(filled, 'is no list').nullish(),
    command: text,
    guardrails: z.array(guardrail, 'is no list').nullish(),
    decision: groups.decision.nullish(),
    status_code: z
      .number('is no number')
      .int('is no whole number')
      .min(-(2 ** 52))
      .max(2 ** 52)
      .nullish(),
    error: groups.error.nullish(),
    client: groups.client.nullish(),
    subject: groups.subject.nullish(),
    attributes: z
      .record(z.string(), z.union([z.string().max(1024), z.number(), z.boolean()], ATTRIBUTE).nullish(), 'is no object')
      .nullish(),
    content: z.unknown().optional(),
  })
  .refine(({ cost_usd, cost_micro_usd }) => cost_usd == null || cost_micro_usd == null, {
    path: ['cost_usd'],
    message: 'stands beside cost_micro_usd: give one of them',
  })
  .refine(({ traceparent, trace_id, span_id }) => traceparent == null || (trace_id == null && span_id == null), {
    path: ['traceparent'],
    message: 'stands beside trace_id or span_id: give one or the other',
  });

export type EnvelopeEvent = z.output<typeof event>;
