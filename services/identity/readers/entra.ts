import { z } from 'zod';
import { addressOf } from '../attribute.ts';
import { filled, personEntry } from '../entry.ts';
import { text } from './issue.ts';
import { defineVendor } from './vendor.ts';

/** https://learn.microsoft.com/graph/api/resources/user */
export const entra = defineVendor({
  fields: ['id', 'userPrincipalName', 'mail', 'displayName', 'department', 'companyName', 'accountEnabled'],
  detect: (keys) => keys.has('userPrincipalName'),
  schema: z.object({
    id: z.string('is no text').min(1, 'is empty'),
    userPrincipalName: text,
    mail: text,
    displayName: text,
    department: text,
    companyName: text,
    accountEnabled: z.boolean('is no boolean').nullish(),
  }),
  entry({ id, userPrincipalName, mail, displayName, department, companyName, accountEnabled }, place) {
    const names = filled([mail, userPrincipalName]);
    const [email = ''] = names.flatMap((each) => addressOf(each) ?? []);
    return personEntry({
      place,
      email,
      name: displayName ?? '',
      subjects: [id],
      ids: names.filter((each) => each !== email),
      team: department ?? '',
      organisation: companyName ?? '',
      status: accountEnabled == null ? '' : accountEnabled ? 'active' : 'deprovisioned',
    });
  },
});
