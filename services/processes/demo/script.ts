import { named } from './company.ts';

/**
 * What happens on the demo day whatever the seed: the acts the two questions of the mission ask about. Times are
 * minutes after midnight UTC. Nothing else that day touches a production configuration.
 */
export interface ConfigChange {
  readonly minute: number;
  readonly email: string;
  readonly action: 'file.write' | 'shell.exec';
  /** What the answer shows as the thing changed. */
  readonly target: string;
}

export const CONFIG_CHANGES: readonly ConfigChange[] = [
  { minute: 631, email: named('Marco').email, action: 'file.write', target: '/srv/infra/terraform/prod/network.tf' },
  {
    minute: 634,
    email: named('Marco').email,
    action: 'shell.exec',
    target: 'terraform -chdir=/srv/infra/terraform/prod apply -auto-approve',
  },
  {
    minute: 852,
    email: named('Priya').email,
    action: 'file.write',
    target: '/srv/checkout/deploy/production/values.yaml',
  },
  {
    minute: 855,
    email: named('Priya').email,
    action: 'shell.exec',
    target: 'kubectl apply -f deploy/production/values.yaml',
  },
  { minute: 1004, email: named('Lena').email, action: 'file.write', target: '/srv/payments/.env.production' },
];

/** Turned down, so it changed nothing: the answer must not show it. */
export const DENIED_CHANGE: ConfigChange = {
  minute: 1010,
  email: named('Lena').email,
  action: 'shell.exec',
  target: 'kubectl delete namespace production',
};
