import type { Dashboard } from './grafana.ts';
import { place, type Section } from './layout.ts';
import { variables } from './variables.ts';

const TAG = 'trailhouse';

export function dashboard(spec: {
  /** Part of its address: bookmarks and links hold it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Where its choices come from. */
  readonly view: 'audit.trail' | 'audit.costs';
  readonly from: string;
  readonly sections: readonly Section[];
}): Dashboard {
  const { uid, title, description, view, from, sections } = spec;
  return {
    uid,
    title,
    description,
    tags: [TAG],
    schemaVersion: 42,
    editable: false,
    graphTooltip: 1,
    timezone: 'utc',
    refresh: '5m',
    time: { from, to: 'now' },
    links: [
      {
        type: 'dashboards',
        title: 'Trailhouse',
        tags: [TAG],
        asDropdown: false,
        keepTime: true,
        includeVars: true,
        targetBlank: false,
      },
    ],
    templating: { list: variables(view) },
    annotations: { list: [] },
    panels: place(sections),
  };
}
