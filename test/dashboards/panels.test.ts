import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Panel, Placed } from '../../dashboards/grafana.ts';
import { dashboards } from '../../dashboards/index.ts';
import { checkQuery } from '../../services/clickhouse/gate.ts';
import { DATABASE, VIEWS } from '../../services/clickhouse/gate-views.ts';
import { expand } from '../support/grafana-macros.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const all = Object.entries(dashboards);
const isPanel = (placed: Placed): placed is Panel & Placed => placed.type !== 'row';

/** What is read from: names after FROM and JOIN, without those a query gives itself. */
function sources(sql: string): readonly string[] {
  const own = new Set([...sql.matchAll(/(\w+) AS\s*\(\s*SELECT/g)].map(([, name]) => name));
  return [...sql.matchAll(/\b(?:FROM|JOIN)\s+([\w.]+)/g)].map(([, name = '']) => name).filter((name) => !own.has(name));
}

test('there are two, at addresses that stay', () => {
  expect(all.map(([file, { uid }]) => [file, uid])).toEqual([
    ['soc-overview.json', 'trailhouse-soc'],
    ['cost-and-chargeback.json', 'trailhouse-cost'],
  ]);
});

test('the files are up to date, and there are no others', () => {
  expect(readdirSync(new URL('dashboards/generated/', root)).sort()).toEqual(Object.keys(dashboards).sort());
  for (const [file, dashboard] of all)
    expect(JSON.parse(read(`dashboards/generated/${file}`)), `${file}: npm run generate`).toEqual(dashboard);
});

test('the provisioning finds the data source by the uid of the variable, and shows what is generated', () => {
  const sources = parse(read('deploy/grafana/provisioning/datasources/trailhouse.yaml'));
  const trail = { type: 'grafana-clickhouse-datasource', name: 'Trail', uid: 'trailhouse-clickhouse' };
  expect(sources.datasources).toContainEqual(expect.objectContaining(trail));
  for (const [, { templating }] of all)
    expect(templating.list[0]).toMatchObject({
      type: 'datasource',
      name: 'datasource',
      query: trail.type,
      current: { text: trail.name, value: trail.uid },
    });
  const { providers } = parse(read('deploy/grafana/provisioning/dashboards/trailhouse.yaml'));
  expect(providers).toEqual([
    expect.objectContaining({ type: 'file', allowUiUpdates: false, options: { path: '/etc/grafana/dashboards' } }),
  ]);
});

describe.each(all)('%s', (_, { panels, templating, uid, description }) => {
  const shown = panels.filter(isPanel);
  const names = templating.list.map(({ name }) => name);
  const chosen = Object.fromEntries(names.map((name) => [name, ['x', "y'z"]]));
  const looking = { from: new Date(0), to: new Date(1), intervalSeconds: 60, chosen };

  test('lies on the grid without gaps in its lines and overlaps', () => {
    const taken = new Set<string>();
    for (const { gridPos, title } of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (const value of Object.values(gridPos)) expect(Number.isInteger(value), title).toBe(true);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken, title).not.toContain(`${x}/${y}`);
          taken.add(`${x}/${y}`);
        }
    }
    const bottom = Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h));
    expect(taken.size).toBe(24 * bottom);
  });

  test('has different ids and titles', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const titles = shown.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(description).toMatch(/\.$/);
  });

  test('offers the choices it uses, and uses those it offers', () => {
    expect(names).toEqual(['datasource', 'team', 'surface', 'product', 'model']);
    const used = shown.flatMap(({ targets }) => [...targets[0].rawSql.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
    expect(new Set(['datasource', ...used])).toEqual(new Set(names));
  });

  test('has choices out of our views, asked again with the time range', () => {
    for (const variable of templating.list) {
      if (variable.type === 'datasource') continue;
      expect(variable).toMatchObject({ datasource: { uid: `\${datasource}` }, refresh: 2 });
      expect(checkQuery(expand(variable.query.rawSql, looking))).toMatchObject({ ok: true });
    }
  });

  test('links to dashboards and variables there are', () => {
    const links = [...JSON.stringify(panels).matchAll(/"url":"\/d\/([\w-]+)\?[^"]*var-(\w+)=/g)];
    expect(links.length).toBeGreaterThan(0);
    for (const [, to, variable] of links) {
      expect(all.map(([, other]) => other.uid)).toContain(to);
      expect(names).toContain(variable);
    }
    expect(uid).toMatch(/^[a-z-]{1,40}$/);
  });

  describe.each(shown.map((panel) => [panel.title, panel] as const))('%s', (_, panel) => {
    const [{ rawSql, datasource, format, queryType, pluginVersion }] = panel.targets;

    test('says what it shows', () => {
      expect(panel.description).toMatch(/^[A-Za-z(].{19,}[.)]$/);
    });

    test('asks the data source of the variable, in the version that is installed', () => {
      for (const { uid, type } of [datasource, panel.datasource])
        expect([uid, type]).toEqual([`\${datasource}`, 'grafana-clickhouse-datasource']);
      expect(read('deploy/grafana/Dockerfile')).toContain(`grafana-clickhouse-datasource ${pluginVersion}`);
      expect([format, queryType]).toEqual(panel.type === 'timeseries' ? [0, 'timeseries'] : [1, 'table']);
    });

    test('reads our views and passes the gate', () => {
      const views = sources(rawSql);
      expect(views.length).toBeGreaterThan(0);
      for (const view of views) {
        const [database, name = ''] = view.split('.');
        expect([database, VIEWS.has(name)], view).toEqual([DATABASE, true]);
      }
      expect(checkQuery(expand(rawSql, looking))).toMatchObject({ ok: true });
    });

    test('has a unit wherever it shows numbers alone', () => {
      if (panel.type !== 'table') expect(panel.fieldConfig.defaults.unit).toMatch(/^\w+$/);
    });
  });
});
