import { z } from 'zod';
import { addressOf } from '../attribute.ts';
import { filled, personEntry } from '../entry.ts';
import { list, text } from './issue.ts';
import { defineVendor } from './vendor.ts';

const named = z.object({ name: text });

/**
 * https://auth0.com/docs/manage-users/user-accounts/user-profiles/user-profile-structure. Teams and roles count from
 * `app_metadata` alone: people may write their own `user_metadata`. So may whoever signs up write an address that
 * nobody verified.
 */
export const auth0 = defineVendor({
  fields: [
    ...['user_id', 'email', 'email_verified', 'name', 'username', 'blocked', 'identities', 'provider', 'app_metadata'],
    ...['team', 'department', 'project', 'organisation', 'organization', 'groups', 'roles', 'user_metadata'],
  ],
  detect: (keys) => keys.has('user_id'),
  schema: z.object({
    user_id: z.string('is no text').min(1, 'is empty'),
    email: text,
    email_verified: z.boolean('is no boolean').nullish(),
    name: text,
    username: text,
    blocked: z.boolean('is no boolean').nullish(),
    identities: z.array(z.object({ provider: text, user_id: z.union([z.string(), z.number()]).nullish() })).nullish(),
    app_metadata: z
      .object({
        team: text,
        department: text,
        project: text,
        organisation: text,
        organization: text,
        groups: list,
        roles: z.array(z.union([z.string(), named]), 'is no list').nullish(),
      })
      .nullish(),
  }),
  entry(user, place) {
    const metadata = user.app_metadata;
    const email = user.email_verified === false ? undefined : addressOf(user.email ?? '');
    const linked = (user.identities ?? []).flatMap(({ provider, user_id }) =>
      provider == null || user_id == null ? [] : [`${provider}|${user_id}`],
    );
    return personEntry({
      place,
      email: email ?? '',
      name: user.name ?? '',
      subjects: [user.user_id],
      ids: linked.filter((each) => each !== user.user_id),
      team: metadata?.team ?? metadata?.department ?? '',
      project: metadata?.project ?? '',
      organisation: metadata?.organisation ?? metadata?.organization ?? '',
      groups: filled([
        ...(metadata?.groups ?? []),
        ...(metadata?.roles ?? []).map((role) => (typeof role === 'string' ? role : role.name)),
      ]),
      status: user.blocked == null ? '' : user.blocked ? 'deprovisioned' : 'active',
    });
  },
});
