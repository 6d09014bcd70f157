import { COST } from '../addresses.ts';
import { dashboard } from '../dashboard.ts';
import { chargeback } from './chargeback.ts';
import { glance } from './glance.ts';
import { limits } from './limits.ts';
import { requests } from './requests.ts';
import { spend } from './spend.ts';

export const cost = dashboard({
  uid: COST,
  title: 'AI tools: cost and chargeback',
  description:
    'What AI tools cost, and whom. Costs are those the sources state; what a producer sent twice counts once. A call that two sources report under one request id, say a client and the gateway behind it, counts once, at the gateway.',
  view: 'audit.costs',
  from: 'now-7d',
  sections: [glance, spend, requests, limits, chargeback],
});
