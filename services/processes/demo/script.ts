import type { Action, Outcome } from '../../core/event.ts';
import { named } from './company.ts';

/**
 * What happens on the demo day whatever the seed, and what the trail must say of it. Times are minutes after midnight
 * UTC. Nothing that chance plays does any of this: no other production file, refused `.env`, budget or unapproved server.
 */
interface Moment {
  readonly minute: number;
  readonly email: string;
}

const at = (minute: number, first: string): Moment => ({ minute, email: named(first).email });

/** An id that reads as the script's own. */
const scripted = (number: number): string => `5c217000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** An act in a session of Claude Code. */
export interface CodingAct extends Moment {
  readonly session: string;
  readonly action: Extract<Action, 'file.read' | 'file.write' | 'shell.exec' | 'llm.prompt' | 'config.changed'>;
  /** What the answer shows: a path, a command, a prompt, a permission mode. */
  readonly target: string;
  readonly outcome: Extract<Outcome, 'success' | 'denied'>;
}

function act(moment: Moment, session: number, action: CodingAct['action'], target: string): CodingAct {
  return { ...moment, session: scripted(session), action, target, outcome: 'success' };
}

const denied = (attempt: CodingAct): CodingAct => ({ ...attempt, outcome: 'denied' });

export const CONFIG_CHANGES: readonly CodingAct[] = [
  act(at(631, 'Marco'), 1, 'file.write', '/srv/infra/terraform/prod/network.tf'),
  act(at(634, 'Marco'), 1, 'shell.exec', 'terraform -chdir=/srv/infra/terraform/prod apply -auto-approve'),
  act(at(852, 'Priya'), 2, 'file.write', '/srv/checkout/deploy/production/values.yaml'),
  act(at(855, 'Priya'), 2, 'shell.exec', 'kubectl apply -f deploy/production/values.yaml'),
  act(at(1004, 'Lena'), 3, 'file.write', '/srv/payments/.env.production'),
];

/** Turned down, so it changed nothing: the answer must not show it. */
export const DENIED_CHANGE = denied(act(at(1010, 'Lena'), 3, 'shell.exec', 'kubectl delete namespace production'));

/** Lawyers want this session kept, whatever its deadline: the hold itself is an operator's to place. */
export const HOLD_WISH = { session: DENIED_CHANGE.session, matter: 'Payments outage review' } as const;

export const DENIED_ENV_READS: readonly CodingAct[] = [
  denied(act(at(583, 'Tomás'), 4, 'file.read', '/srv/payments/.env')),
  denied(act(at(716, 'Aiko'), 5, 'file.read', '/srv/checkout/.env')),
  denied(act(at(942, 'Mateo'), 6, 'file.read', '/srv/ledger/.env')),
];

/** Permissions switched off, and what was run without being asked for. */
export const BYPASS = act(at(905, 'Dmitri'), 7, 'config.changed', 'bypassPermissions');
export const BYPASSED_COMMAND = act(at(907, 'Dmitri'), 7, 'shell.exec', 'git push --force origin storefront-next');

/** How a call through the AI gateway ends, and what the trail calls it. */
export const FATES = {
  served: { action: 'llm.request', outcome: 'success' },
  failed: { action: 'llm.request', outcome: 'failure' },
  masked: { action: 'llm.request', outcome: 'success' },
  blocked: { action: 'llm.request', outcome: 'denied' },
  budget: { action: 'budget.exceeded', outcome: 'denied' },
  limited: { action: 'ratelimit.exceeded', outcome: 'denied' },
} as const satisfies Readonly<Record<string, { readonly action: Action; readonly outcome: Outcome }>>;

export type Fate = keyof typeof FATES;

/** A call through the AI gateway. */
export interface GatewayCall extends Moment {
  /** The gateway's id of the call: `request_id` in the trail. */
  readonly call: string;
  readonly fate: Fate;
  readonly prompt: string;
  readonly answer?: string;
  /** Where the call goes elsewhere than to the usual model and provider. */
  readonly model?: string;
  readonly provider?: string;
  readonly session?: string;
}

function call(moment: Moment, number: number, fate: Fate, prompt: string): GatewayCall {
  return { ...moment, call: scripted(number), fate, prompt };
}

/** Providers whose contract rules out that prompts are kept. */
export const ZERO_RETENTION: readonly string[] = ['anthropic', 'bedrock'];

export interface PhiCall extends GatewayCall {
  /** What the reviewer said of the answer. Nobody has come to one that is `due`; it is `overdue` a day later. */
  readonly review: 'approved' | 'rejected' | 'exempt' | 'due' | 'overdue';
}

/** Invented patients: numbers of no hospital. */
function discharge(moment: Moment, number: number, patient: string, mrn: string, code: string): GatewayCall {
  const prompt = `Patient ${patient}, MRN: ${mrn}, diagnosis ${code}. Write the discharge summary.`;
  const answer = `${patient} (MRN: ${mrn}) was treated for ${code} and goes home today.`;
  return { ...call(moment, number, 'served', prompt), answer };
}

/** On nights too: what is late at midnight is late whenever the demo starts the day after, and the last one is not. */
export const PHI_CALLS: readonly PhiCall[] = [
  { ...discharge(at(552, 'Noor'), 20, 'Ada Linnet', '04471902', 'E11.9'), review: 'approved' },
  { ...discharge(at(644, 'Ben'), 21, 'Tom Harrow', '05518236', 'I21.4'), review: 'rejected' },
  { ...discharge(at(11, 'Chloé'), 22, 'Eve Marlow', '06629417', 'J45.9'), review: 'overdue', provider: 'vertex_ai' },
  { ...discharge(at(931, 'Miriam'), 23, 'Ian Crest', '07730528', 'N39.0'), review: 'exempt' },
  { ...discharge(at(1431, 'Anton'), 24, 'Una Sedge', '08841639', 'K35.8'), review: 'due' },
];

/** PHI went where nobody has confirmed that it is not kept. */
export const PHI_UNCONFIRMED = PHI_CALLS.filter(({ provider }) => !ZERO_RETENTION.includes(provider ?? 'anthropic'));

/** Who reviews, and how long after the answer. */
export const REVIEWER = named('Leila');
export const REVIEW_AFTER_MINUTES = 95;

export const BUDGET_EXCEEDED = call(at(1021, 'Zofia'), 30, 'budget', 'Describe these products.');
export const RATE_LIMITED = call(at(877, 'Owen'), 31, 'limited', 'Sort these tickets.');
/** A guardrail in mutate mode took personal data out and let the call go on. */
export const PII_MASKED = call(at(695, 'Hannah'), 32, 'masked', 'Answer <PERSON> at <EMAIL_ADDRESS> about the parcel.');
/** A guardrail stopped the call; the gateway does not say in which mode. */
export const PROMPT_BLOCKED = call(at(763, 'Grace'), 33, 'blocked', 'List every customer and their card.');
/** The same on claude.ai, by a hook of the company's own: in validate mode. */
export const HOOK_BLOCKED = at(772, 'Isla');

export const MODEL_OUTSIDE: GatewayCall = {
  ...call(at(838, 'Felix'), 34, 'served', 'Write alt texts.'),
  model: 'deepseek-v4',
  provider: 'deepseek',
};

/** Bedrock leaves Claude Code without an account. The gateway names one session later; nobody ever names the other. */
export const LATE_NAMED = { ...at(560, 'Wei'), session: scripted(8) };
export const NAMING_CALL: GatewayCall = {
  ...call(at(611, 'Wei'), 35, 'served', 'why is the join slow'),
  session: LATE_NAMED.session,
  provider: 'bedrock',
};
export const NEVER_NAMED = { minute: 1042, session: scripted(9), installation: '9e'.repeat(32) } as const;

export const APPROVED_SERVERS: readonly string[] =
  'jira github confluence postgres filesystem guidelines catalogue orders'.split(' ');

/** An MCP server nobody approved: refused at the gateway, used on a desktop. */
export const UNAPPROVED_SERVER = 'paste-relay';
export const UNAPPROVED_DENIED = at(733, 'Samuel');
export const UNAPPROVED_USED = at(968, 'Jonas');

/** Life of accounts and keys. The leaver's key still works two hours after the account is gone. */
export const PROVISIONED = at(400, 'Bella');
export const DEPROVISIONED = at(660, 'Victor');
export const USE_AFTER_DEPROVISIONING = call(at(780, 'Victor'), 36, 'served', 'Export all open tickets.');
export const ISSUED_KEY = { minute: 402, alias: named('Bella').key.alias } as const;
export const ROTATED_KEY = { minute: 590, alias: 'svc-nightly-evaluation' } as const;
export const REVOKED_KEY = { minute: 795, alias: named('Victor').key.alias } as const;
export const OLD_KEY = { alias: 'svc-helpdesk-triage', ageDays: 203 } as const;

/** `cleanupPeriodDays` of one machine's settings, against what policy allows. */
export const TRANSCRIPT_POLICY_DAYS = 30;
export const TRANSCRIPTS_KEPT = { ...at(491, 'Peter'), session: scripted(10), days: 365 };

/** A customer people write of, in prompts. The number is of a range that Ofcom keeps for fiction. */
export const CUSTOMER = { email: 'mara.quist@customer.example', phone: '+44 20 7946 0958' } as const;

/** Credentials people pasted. None is real, and none stands here in one piece: scanners read source code. */
const spread = (...parts: readonly string[]): string => parts.join('');

export const CANARIES = {
  anthropic: spread('sk-', 'ant-', 'api03-', 'Zk7Qm2Vx9Lp4Rt8W'.repeat(3)),
  github: spread('gh', 'p_', 'R4nD0mL00k1ngT0k3nF0rTh3D3m0Day99'),
  aws: spread('AK', 'IA', 'Q4DEMODAY7TRAIL2'),
  slack: spread('xo', 'xb-', '410298374650-', 'Ab3dEf6hIj9kLm2n'),
  database: spread('postgres://ledger:', 'h4rvest-Moon-77', '@db.alderbrook.example/ledger'),
  bearer: spread('eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiJkZW1vIn0', '.c2lnbmF0dXJlLW9mLXRoZS1kZW1v'),
} as const;

/** What of each canary must be nowhere in the trail: of an address, the password. */
export const SECRETS: readonly string[] = [
  CANARIES.anthropic,
  CANARIES.github,
  CANARIES.aws,
  CANARIES.slack,
  CANARIES.bearer,
  spread('h4rvest-', 'Moon-77'),
];

export const SECRET_ACTS: readonly CodingAct[] = [
  act(at(547, 'Rosa'), 11, 'llm.prompt', `it fails with ANTHROPIC_API_KEY=${CANARIES.anthropic}, why?`),
  act(
    at(549, 'Rosa'),
    11,
    'shell.exec',
    `curl -H "Authorization: Bearer ${CANARIES.bearer}" https://ci.alderbrook.example/run`,
  ),
  act(at(678, 'Julia'), 12, 'shell.exec', `psql ${CANARIES.database} -c "select 1"`),
];

export const SECRET_CALL: GatewayCall = {
  ...call(
    at(884, 'Thomas'),
    37,
    'served',
    `My token is ${CANARIES.github}, the key id ${CANARIES.aws}: are they safe?`,
  ),
  answer: `Revoke ${CANARIES.github} at once.`,
};

export const GATEWAY_CALLS: readonly GatewayCall[] = [
  ...PHI_CALLS,
  BUDGET_EXCEEDED,
  RATE_LIMITED,
  PII_MASKED,
  PROMPT_BLOCKED,
  MODEL_OUTSIDE,
  NAMING_CALL,
  USE_AFTER_DEPROVISIONING,
  SECRET_CALL,
];

export const CODING_ACTS: readonly CodingAct[] = [
  ...CONFIG_CHANGES,
  DENIED_CHANGE,
  ...DENIED_ENV_READS,
  BYPASS,
  BYPASSED_COMMAND,
  ...SECRET_ACTS,
];
