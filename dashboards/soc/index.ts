import { SOC } from '../addresses.ts';
import { dashboard } from '../dashboard.ts';
import { activity } from './activity.ts';
import { assurance } from './assurance.ts';
import { glance } from './glance.ts';
import { guarded } from './guarded.ts';
import { refused } from './refused.ts';
import { touched } from './touched.ts';

export const soc = dashboard({
  uid: SOC,
  title: 'AI tools: SOC overview',
  description:
    'What people and agents do with AI tools, what was refused them, and whether the trail can be relied on.',
  view: 'audit.trail',
  from: 'now-24h',
  sections: [glance, activity, refused, guarded, touched, assurance],
});
