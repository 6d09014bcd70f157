import { byEmail, ORGANISATION, type Person, STAFF } from './company.ts';
import { iso, json, type Message, MINUTE } from './message.ts';
import type { Random } from './random.ts';
import { workingTime } from './rhythm.ts';
import { DEPROVISIONED, HOOK_BLOCKED, PROVISIONED } from './script.ts';

/** The activity feed of claude.ai: what people do in the browser, and what the directory does to their accounts. */
const CONVERSATIONS = 260;

export function compliance(day: number, random: Random): readonly Message[] {
  return [
    ...STAFF.flatMap((person) => presence(person, day, random)),
    ...Array.from({ length: CONVERSATIONS }, () => conversation(day, random)).flat(),
    directorySync('scim_user_created', PROVISIONED, day, random),
    directorySync('scim_user_deleted', DEPROVISIONED, day, random),
    hookBlocked(day, random),
  ];
}

/** Signed in before the first conversation, signed out after the last. */
function presence(person: Person, day: number, random: Random): readonly Message[] {
  const morning = day + random.integer(405, 419) * MINUTE;
  const evening = day + random.integer(1141, 1170) * MINUTE;
  return [
    activity(person, 'sso_login_succeeded', morning, { auth_method: 'sso', mfa_method: 'not_used' }, random),
    activity(person, 'user_logged_out', evening, {}, random),
  ];
}

function conversation(day: number, random: Random): readonly Message[] {
  const person = random.pick(STAFF);
  const chat = { claude_chat_id: `claude_chat_${random.hex(20)}` };
  const start = workingTime(day, random);
  const within = (from: number, to: number): number => start + random.integer(from, to) * MINUTE;
  const file = { claude_file_id: `claude_file_${random.hex(20)}`, filename: random.pick(FILES) };
  return [
    activity(person, 'claude_chat_created', start, chat, random),
    ...(random.next() < 0.4
      ? [activity(person, 'claude_file_uploaded', within(1, 2), { ...chat, ...file }, random)]
      : []),
    activity(person, 'claude_chat_updated', within(3, 20), chat, random),
    ...(random.next() < 0.5 ? [activity(person, 'claude_chat_viewed', within(21, 30), chat, random)] : []),
    ...(random.next() < 0.15 ? [activity(person, 'claude_chat_deleted', within(31, 40), chat, random)] : []),
  ];
}

const FILES = ['minutes.docx', 'quarterly-plan.pdf', 'price-list.xlsx', 'interview-notes.md'] as const;

/** The organisation's own filter turned a prompt away: a guardrail that validates. */
function hookBlocked(day: number, random: Random): Message {
  const said = { conversation_id: `claude_chat_${random.hex(20)}`, reference_id: 'dlp-0042', surface: 'claude_ai' };
  const at = day + HOOK_BLOCKED.minute * MINUTE;
  return activity(byEmail(HOOK_BLOCKED.email), 'inference_hooks_request_denied', at, said, random);
}

function activity(person: Person, type: string, at: number, fields: object, random: Random): Message {
  const actor = {
    type: 'user_actor',
    email_address: person.email,
    user_id: memberOf(person),
    ip_address: person.address,
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
  };
  return entry(type, at, actor, fields, random);
}

function directorySync(
  type: string,
  { minute, email }: { readonly minute: number; readonly email: string },
  day: number,
  random: Random,
): Message {
  const actor = {
    type: 'scim_directory_sync_actor',
    directory_id: 'directory_01ALDERBROOK',
    idp_connection_type: 'OktaSCIM',
    workos_event_id: `event_${random.hex(16)}`,
  };
  return entry(type, day + minute * MINUTE + 20_000, actor, { user_id: memberOf(byEmail(email)) }, random);
}

/** The id by which the vendor's administration knows an account. */
const memberOf = ({ account }: Person): string => `user_${account.slice(-12)}`;

function entry(type: string, at: number, actor: object, fields: object, random: Random): Message {
  return json('compliance.events', at + MINUTE, {
    id: `activity_${random.hex(24)}`,
    created_at: iso(at),
    actor,
    type,
    organization_id: 'org_01ALDERBROOK',
    organization_uuid: ORGANISATION,
    ...fields,
  });
}
