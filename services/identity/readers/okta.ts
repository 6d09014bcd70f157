import { z } from 'zod';
import { addressOf } from '../attribute.ts';
import { filled, personEntry, statusOf } from '../entry.ts';
import { text } from './issue.ts';
import { defineVendor } from './vendor.ts';

/** https://developer.okta.com/docs/api/openapi/okta-management/management/tag/User/ */
export const okta = defineVendor({
  fields: [
    ...['id', 'status', 'profile', 'login', 'email', 'displayName', 'firstName', 'lastName'],
    ...['department', 'organization', 'costCenter'],
  ],
  detect: (keys) => keys.has('profile'),
  schema: z.object({
    id: z.string('is no text').min(1, 'is empty'),
    status: text,
    profile: z.object({
      login: text,
      email: text,
      displayName: text,
      firstName: text,
      lastName: text,
      department: text,
      organization: text,
      costCenter: text,
    }),
  }),
  entry({ id, status, profile }, place) {
    const addresses = filled([profile.email, profile.login]).flatMap((each) => addressOf(each) ?? []);
    const [email = ''] = addresses;
    const state = statusOf(status ?? '');
    if (state === undefined) return 'status: is none of the states of an Okta user';
    return personEntry({
      place,
      email,
      name: filled([profile.displayName, filled([profile.firstName, profile.lastName]).join(' ')])[0] ?? '',
      subjects: [id],
      // A second address is for recovery, and may be anybody's.
      ids: filled([profile.login]).filter((login) => login !== email),
      team: profile.department ?? '',
      project: profile.costCenter ?? '',
      organisation: profile.organization ?? '',
      status: state,
    });
  },
});
