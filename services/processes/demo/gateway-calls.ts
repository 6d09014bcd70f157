import { byEmail, type Person, STAFF } from './company.ts';
import { MINUTE } from './message.ts';
import { chat, MODELS, type Model, type Usage } from './models.ts';
import type { Random } from './random.ts';
import { workingTime } from './rhythm.ts';
import { CUSTOMER, type Fate, GATEWAY_CALLS } from './script.ts';
import type { Session } from './session.ts';

/** A call through the AI gateway, before LiteLLM writes of it. */
export interface Call {
  readonly id: string;
  readonly person: Person;
  /** When it began. */
  readonly at: number;
  readonly session: string;
  /** Of Claude Code, which names its session to every gateway. */
  readonly coding: boolean;
  readonly fate: Fate;
  readonly usage: Usage;
  readonly provider: string;
  readonly prompt: string;
  readonly answer: string;
  /** Digits for ids that only the gateway knows. */
  readonly digits: string;
}

const CONVERSATIONS = 640;

const ASKS: readonly (readonly [ask: string, answer: string])[] = [
  ['Summarise the attached minutes.', 'Three decisions were made; two are due on Friday.'],
  [`Tell ${CUSTOMER.email} that the parcel is late.`, 'Your parcel leaves today.'],
  [`Who called from ${CUSTOMER.phone}?`, 'A customer, about invoice 4471.'],
  ['Explain this stack trace.', 'A list is empty where the first item is read.'],
  ['Make this paragraph shorter.', 'Orders placed before noon leave the same day.'],
  ['Which of these tickets are alike?', 'The second and the fifth are about the same invoice.'],
];

/** People and their assistant, Claude Code behind the gateway, and what the script is about. */
export function gatewayCalls(day: number, sessions: readonly Session[], random: Random): readonly Call[] {
  const chats = Array.from({ length: CONVERSATIONS }, () => conversation(day, random)).flat();
  const coding = sessions.flatMap((session) => codingCalls(session, random));
  return [...chats, ...coding, ...scriptedCalls(day, random)];
}

function conversation(day: number, random: Random): readonly Call[] {
  const shared = { person: random.pick(STAFF), session: random.uuid(), coding: false, provider: 'anthropic' };
  const start = workingTime(day, random);
  return Array.from({ length: random.integer(1, 6) }, (_, turn) => {
    const [prompt, answer] = random.pick(ASKS);
    const fate: Fate = random.next() < 0.015 ? 'failed' : 'served';
    const at = start + turn * random.integer(20_000, 240_000);
    return { ...shared, id: random.uuid(), at, fate, usage: chat(random), prompt, answer, digits: random.hex(20) };
  });
}

function codingCalls({ id, person, route, steps }: Session, random: Random): readonly Call[] {
  if (person === undefined || route !== 'litellm') return [];
  return steps.flatMap((step) => {
    if (step.kind !== 'model') return [];
    const at = step.at - step.usage.tookMs;
    const fate: Fate = step.overloaded ? 'failed' : 'served';
    const shared = { person, session: id, coding: true, provider: 'bedrock', usage: step.usage, at, fate };
    return [{ ...shared, id: step.requestId, prompt: 'continue', answer: 'done', digits: random.hex(20) }];
  });
}

function scriptedCalls(day: number, random: Random): readonly Call[] {
  return GATEWAY_CALLS.map(({ call, email, minute, fate, prompt, answer, model, provider, session }) => ({
    id: call,
    person: byEmail(email),
    at: day + minute * MINUTE,
    fate,
    prompt,
    answer: answer ?? 'Here it is.',
    session: session ?? random.uuid(),
    coding: session !== undefined,
    provider: provider ?? 'anthropic',
    usage: chat(random, modelNamed(model)),
    digits: random.hex(20),
  }));
}

/** One that policy does not know costs what the smallest does. */
function modelNamed(name: string | undefined): Model {
  return name === undefined ? MODELS[1] : { ...MODELS[2], name };
}
