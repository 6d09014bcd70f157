import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { AuditEvent } from '../../services/core/event.ts';
import { openProfile } from '../../services/privacy/profile.ts';
import { event } from '../support/event.ts';

const schema: { readonly fields: readonly { readonly name: string; readonly part: string }[] } = JSON.parse(
  readFileSync(new URL('../../schemas/audit-event.avsc', import.meta.url), 'utf8'),
);
const personal = schema.fields.filter(({ part }) => part !== 'public').map(({ name }) => name);

const SECRET = 'Ada Lovelace';
const full = event({
  actor_team: 'payments',
  actor_id: SECRET,
  actor_email: SECRET,
  actor_name: SECRET,
  actor_groups: [SECRET, ''],
  client_address: SECRET,
  user_agent: SECRET,
  host: SECRET,
  device: SECRET,
  target: SECRET,
  file_paths: [SECRET],
  command: SECRET,
  error_message: SECRET,
  personal_attributes: { 'hook.name': SECRET },
  personal_salt: Buffer.from('0123456789abcdef'),
});
const key = Buffer.alloc(32, 1);
const columns = (of: AuditEvent) => new Map<string, unknown>(Object.entries(of));

test.each(['tokens', 'none'] as const)(
  '%s leaves no value of the personal part, and the public part as it is',
  (profile) => {
    const shown = columns(openProfile(profile, key)(full));
    for (const [name, value] of columns(full)) {
      if (personal.includes(name)) expect(JSON.stringify(shown.get(name))).not.toContain(SECRET);
      else expect(shown.get(name)).toEqual(value);
    }
    expect(shown.get('personal_salt')).toEqual(Buffer.alloc(16));
  },
);

test('a value has one token under one key, and another under another', () => {
  const shown = openProfile('tokens', key)(full);
  expect(shown.actor_email).toMatch(/^tok_[\w-]{22}$/);
  expect(shown.actor_email).toBe(shown.command);
  expect(shown.actor_groups).toEqual([shown.actor_email, '']);
  expect(openProfile('tokens', Buffer.alloc(32, 2))(full).actor_email).not.toBe(shown.actor_email);
});

test('clear shows everything but the salt', () => {
  expect(openProfile('clear', key)(full)).toEqual({ ...full, personal_salt: Buffer.alloc(16) });
});
