import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Panel, Placed, QueryVariable, Variable } from '../../dashboards/grafana.ts';
import { dashboards } from '../../dashboards/index.ts';
import { gate } from '../../services/clickhouse/gate.ts';
import type { Store } from '../../services/core/store.ts';
import { ANALYST } from '../../services/processes/open.ts';
import { type DemoTrail, openDemoTrail } from '../support/demo-trail.ts';
import { expand, type Looking } from '../support/grafana-macros.ts';

/** Every panel and every choice, asked on the demo day by the engine, through the gate. */

const folder = mkdtempSync(join(tmpdir(), 'trailhouse-dashboards-'));
let trail: DemoTrail;
let store: Store;
let looking: Looking;

const answer = z.object({
  meta: z.array(z.object({ name: z.string(), type: z.string() })),
  data: z.array(z.array(z.unknown())),
});
type Answer = z.output<typeof answer>;

const NUMBER = /^(?:Nullable\()?(?:U?Int(?:8|16|32|64)|Float64)\)?$/;
const TIME = /^DateTime/;

async function ask(sql: string, at: Looking): Promise<Answer> {
  const gated = await gate(expand(sql, at), (statement) => store.text(statement, 'TabSeparatedRaw'));
  if (!gated.ok) throw new Error(gated.reason);
  return answer.parse(JSON.parse(await store.text(gated.sql, 'JSONCompact')));
}

const column = ({ data }: Answer, index: number): readonly unknown[] => data.map((row) => row[index]);
const indexes = ({ meta }: Answer, type: RegExp): readonly number[] =>
  meta.flatMap((each, index) => (type.test(each.type) ? [index] : []));

beforeAll(async () => {
  trail = await openDemoTrail('dashboards', folder);
  store = trail.clickhouse.reader(ANALYST);
  await receive(new Date(trail.day + 43_200_000));
  looking = { from: new Date(trail.day), to: new Date(trail.day + 86_399_999), intervalSeconds: 1800, chosen: {} };
}, 300_000);

afterAll(async () => {
  await trail.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The demo has no receivers: two lanes as the export role reports them. */
async function receive(at: Date): Promise<void> {
  await trail.clickhouse.writer.run(
    `INSERT INTO audit.deliveries (sink, audit_partition, first, next, delivered, state, state_reason, settled_at, log_offset)
     SELECT lane.1, 0, 0, lane.2, lane.2, lane.3, lane.4, fromUnixTimestamp64Milli({at:Int64}), lane.5
     FROM (SELECT arrayJoin([('siem', 40, 'running', '', 0), ('logs', 10, 'parked', 'HTTP 401', 1)]) AS lane)`,
    { at: at.getTime() },
  );
}

const isPanel = (placed: Placed): placed is Panel & Placed => placed.type !== 'row';
const isChoice = (variable: Variable): variable is QueryVariable => variable.type === 'query';

describe.each(Object.entries(dashboards))('%s', (_, { panels, templating }) => {
  const shown = panels.filter(isPanel).map((panel) => [panel.title, panel, panel.targets[0].rawSql] as const);
  const choices = templating.list.filter(isChoice).map(({ name, query }) => [name, query.rawSql] as const);

  test.each(choices)('choices: %s', async (_, sql) => {
    const found = await ask(sql, looking);
    expect(found.meta).toEqual([{ name: expect.any(String), type: 'String' }]);
    expect(found.data.length).toBeGreaterThan(0);
    expect(column(found, 0)).not.toContain('');
  });

  test.each(shown)('panel: %s', async (_, panel, sql) => {
    const found = await ask(sql, looking);
    expect(found.data.length, 'rows').toBeGreaterThan(0);
    REQUIREMENTS[panel.type](found, panel);
  });

  describe('narrowed down', () => {
    const everything: Record<string, readonly string[]> = {};
    const nobody = Object.fromEntries(choices.map(([name]) => [name, ["y'z"]]));
    beforeAll(async () => {
      for (const [name, sql] of choices) everything[name] = [...column(await ask(sql, looking), 0).map(String), "y'z"];
    });

    test.each(shown)('panel: %s', async (_, panel, sql) => {
      expect(await ask(sql, { ...looking, chosen: everything })).toEqual(await ask(sql, looking));
      const { data } = await ask(sql, { ...looking, chosen: nobody });
      if (panel.type === 'stat') expect(data.length).toBe(1);
      else if (sql.includes('$__conditionalAll')) expect(data).toEqual([]);
    });
  });
});

const REQUIREMENTS: Readonly<Record<Panel['type'], (found: Answer, panel: Panel) => void>> = {
  stat(found, { fieldConfig }) {
    expect(found.meta).toEqual([{ name: expect.any(String), type: expect.stringMatching(NUMBER) }]);
    expect(found.data).toHaveLength(1);
    const [value] = column(found, 0);
    // A share of nothing is an answer; a count of nothing means that the day holds none of it.
    if (fieldConfig.defaults.unit === 'percentunit') expect(value).toSatisfy((share) => share >= 0 && share <= 1);
    else expect(value).toBeGreaterThan(0);
  },

  timeseries(found, { fieldConfig }) {
    const [time, second] = found.meta;
    expect(time).toEqual({ name: 'time', type: expect.stringMatching(TIME) });
    const times = column(found, 0).map(String);
    expect(times).toEqual(times.toSorted());
    const isLabelled = fieldConfig.defaults.displayName !== undefined;
    if (isLabelled) {
      expect(second).toEqual({ name: 'series', type: 'String' });
      expect(column(found, 1)).not.toContain('');
      const points = found.data.map((row) => `${row[0]} ${row[1]}`);
      expect(new Set(points).size, 'one value a point').toBe(points.length);
    }
    const values = indexes(found, NUMBER);
    expect(values.length + (isLabelled ? 2 : 1), 'everything else is a number').toBe(found.meta.length);
    if (isLabelled) expect(values).toHaveLength(1);
    for (const value of values) expect(column(found, value).some((each) => Number(each) > 0)).toBe(true);
  },

  table(found, { fieldConfig }) {
    const names = found.meta.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { matcher } of fieldConfig.overrides) expect(names).toContain(matcher.options);
  },
};

describe('panels agree', () => {
  const panel = (file: string, title: string): string => {
    const found = dashboards[file]?.panels.filter(isPanel).find((each) => each.title === title);
    if (found === undefined) throw new Error(`${file} has no panel ${title}`);
    return found.targets[0].rawSql;
  };
  const total = async (sql: string, name: string): Promise<number> => {
    const found = await ask(sql, looking);
    const index = found.meta.findIndex((each) => each.name === name);
    return column(found, index).reduce<number>((sum, value) => sum + Number(value), 0);
  };
  const SOC = 'soc-overview.json';
  const COST = 'cost-and-chargeback.json';

  test.each([
    [SOC, 'Events', 'events', 'Events by surface', 'events'],
    [SOC, 'Events', 'events', 'Events by product', 'events'],
    [SOC, 'Events', 'events', 'What was done', 'Events'],
    [SOC, 'Denied', 'denied', 'Denials over time', 'denials'],
    [SOC, 'Permission bypasses', 'bypasses', 'Permission bypasses, by whom', 'Events'],
    [SOC, 'Secrets masked', 'secrets', 'Secrets masked over time', 'secrets'],
    [SOC, 'In quarantine', 'messages', 'Quarantine', 'Messages'],
    [COST, 'Spent', 'usd', 'Spent by team', 'usd'],
    [COST, 'Spent', 'usd', 'Spent by person', 'usd'],
    [COST, 'Tokens', 'tokens', 'Tokens over time', 'tokens'],
    [COST, 'Budgets exceeded', 'stopped', 'Budgets exceeded, by whom', 'Requests'],
    [COST, 'Rate limited', 'stopped', 'Rate limits, by whom', 'Requests'],
    [COST, 'Spent this month', 'usd', 'By team and project', 'Cost'],
  ])('%s: %s is the sum of %s', async (file, whole, its, parts, theirs) => {
    expect(await total(panel(file, parts), theirs)).toBeCloseTo(await total(panel(file, whole), its), 6);
  });
});
