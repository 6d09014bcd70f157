import { CHOICES } from './filters.ts';
import type { Datasource, DatasourceVariable, QueryVariable, Variable } from './grafana.ts';

/** As deploy/grafana/provisioning names it. */
const TRAIL = { text: 'Trail', value: 'trailhouse-clickhouse' } as const;

export const DATASOURCE: Datasource = { type: 'grafana-clickhouse-datasource', uid: `\${datasource}` };

const datasource: DatasourceVariable = {
  type: 'datasource',
  name: 'datasource',
  label: 'Data source',
  description: 'The ClickHouse that holds the trail.',
  query: DATASOURCE.type,
  current: TRAIL,
};

const ABOUT: Readonly<Record<keyof typeof CHOICES, string>> = {
  team: 'Team of the person who acted.',
  surface: 'Where people met the AI.',
  product: 'Product that reported the event.',
  model: 'Model that answered, or else the one asked for. Events that concern no model have (none).',
};

function choice(name: keyof typeof CHOICES, view: string): QueryVariable {
  const rawSql = `SELECT DISTINCT ${CHOICES[name]} AS choice FROM ${view} WHERE $__timeFilter_ms(occurred_at) ORDER BY choice`;
  return {
    type: 'query',
    name,
    label: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    description: ABOUT[name],
    datasource: DATASOURCE,
    query: { refId: name, editorType: 'sql', rawSql },
    multi: true,
    includeAll: true,
    current: { text: ['All'], value: ['$__all'] },
    refresh: 2,
  };
}

/** The choices of a dashboard, out of what its view holds in the time range. */
export function variables(view: 'audit.trail' | 'audit.costs'): readonly Variable[] {
  return [datasource, choice('team', view), choice('surface', view), choice('product', view), choice('model', view)];
}
