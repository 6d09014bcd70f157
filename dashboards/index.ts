import { cost } from './cost/index.ts';
import type { Dashboard } from './grafana.ts';
import { soc } from './soc/index.ts';

/** Every dashboard by the name of its file. */
export const dashboards: Readonly<Record<string, Dashboard>> = {
  'soc-overview.json': soc,
  'cost-and-chargeback.json': cost,
};
