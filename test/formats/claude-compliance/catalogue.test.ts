import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Action, Draft } from '../../../services/core/event.ts';
import { claudeCompliance } from '../../../services/formats/claude-compliance/index.ts';

/** The documentation's list of activity types, each with the fields of its own. */
const file = join(process.env.SAMPLES ?? '', 'anthropic-compliance', 'activity-types.json');
const present = process.env.SAMPLES !== undefined && existsSync(file);
if (!present) console.warn(`SKIPPED: the catalogue of activity types, $SAMPLES names no folder with ${file}`);

const entry = z.object({ type: z.string(), extra: z.array(z.string()) });
const catalogue = present ? z.array(entry).parse(JSON.parse(readFileSync(file, 'utf8'))) : [];

describe.skipIf(!present)('every documented type', () => {
  const drafts = catalogue.map(({ type, extra }) => draftOf(type, extra));

  test('has an action of the taxonomy, but for a few', () => {
    const actions = Object.groupBy(drafts, ({ action }) => action);
    const counts = Object.entries(actions).map(([action, { length }]) => `${action} ${length}`);
    console.info(`${drafts.length} activity types: ${counts.join(', ')}`);
    const others = actions['activity.other'] ?? [];
    expect(others.length).toBeLessThan(0.15 * drafts.length);
  });

  test('has a target when it names an object', () => {
    const named = drafts.filter(({ attributes }) => Object.keys(attributes).some((name) => name.endsWith('_id')));
    for (const { target, attributes } of named) expect(target, attributes.type).not.toBe(undefined);
  });

  test('shows nobody the words that people wrote', () => {
    const words = /(^|_)(name|title|description|reason|message|filename|email|body|url)$|^label$/;
    for (const [index, { extra }] of catalogue.entries()) {
      const open = Object.keys(drafts[index]?.attributes ?? {});
      expect(open.filter((name) => extra.includes(name) && words.test(name))).toEqual([]);
    }
  });
});

test.each<[string, Action]>([
  ['sso_login_succeeded', 'auth.login'],
  ['user_logged_out', 'auth.logout'],
  ['scim_user_created', 'user.provisioned'],
  ['org_user_invite_sent', 'user.provisioned'],
  ['org_user_deleted', 'user.deprovisioned'],
  ['platform_api_key_created', 'key.issued'],
  ['admin_api_key_deleted', 'key.revoked'],
  ['service_key_revoked', 'key.revoked'],
  ['platform_signing_key_rotated', 'key.rotated'],
  ['platform_api_key_updated', 'config.changed'],
  ['rbac_role_assigned', 'role.changed'],
  ['claude_user_role_updated', 'role.changed'],
  ['org_sso_toggled', 'config.changed'],
  ['mcp_server_created', 'config.changed'],
  ['claude_chat_created', 'session.start'],
  ['claude_chat_updated', 'conversation.metadata'],
  ['claude_chat_deleted', 'data.deleted'],
  ['claude_chat_viewed', 'data.read'],
  ['org_data_export_started', 'data.read'],
  ['claude_file_uploaded', 'file.upload'],
  ['claude_project_sharing_updated', 'data.write'],
  ['subscription_renewed', 'activity.other'],
  ['a_type_of_next_year', 'activity.other'],
])('%s is %s', (type, action) => expect(draftOf(type, []).action).toBe(action));

/** An entry of the type with a text in each of its fields. */
function draftOf(type: string, extra: readonly string[]): Draft {
  const fields = Object.fromEntries(extra.map((name) => [name, `${name} of the entry`]));
  const actor = { type: 'user_actor', email_address: 'ada@meridian.example', user_id: 'user_01' };
  const verdict = claudeCompliance.read({ ...fields, type, id: 'activity_01', actor });
  if (verdict.kind !== 'accepted') throw new Error(`${type}: ${verdict.kind}`);
  const [draft] = verdict.drafts;
  if (draft === undefined) throw new Error(`${type}: no draft`);
  return draft;
}
