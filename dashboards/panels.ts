import { BLUE } from './colours.ts';
import type { Override, Panel, Target, Threshold } from './grafana.ts';
import { DATASOURCE } from './variables.ts';
import { asSeries, type Word } from './words.ts';

/** Of the data source that deploy/grafana/Dockerfile installs, which migrates the targets of older ones. */
const PLUGIN_VERSION = '4.17.0';

interface Said {
  readonly id: number;
  readonly title: string;
  /** What it shows and what to make of it; stands behind the "i" of the panel. */
  readonly description: string;
  readonly sql: string;
}

function base({ id, title, description, sql }: Said, queryType: Target['queryType']) {
  const target: Target = {
    refId: 'A',
    datasource: DATASOURCE,
    pluginVersion: PLUGIN_VERSION,
    editorType: 'sql',
    queryType,
    format: queryType === 'timeseries' ? 0 : 1,
    rawSql: sql.trim(),
  };
  return { id, title, description, datasource: DATASOURCE, targets: [target] } as const;
}

/** One number, coloured by thresholds. */
export function stat(given: Said & { readonly unit: string; readonly steps: readonly Threshold[] }): Panel {
  const { unit, steps } = given;
  return {
    ...base(given, 'table'),
    type: 'stat',
    fieldConfig: {
      defaults: { unit, color: { mode: 'thresholds' }, thresholds: { mode: 'absolute', steps } },
      overrides: [],
    },
    options: {
      reduceOptions: { values: false, calcs: ['lastNotNull'], fields: '' },
      colorMode: 'value',
      graphMode: 'none',
      textMode: 'value',
    },
  };
}

interface Series extends Said {
  readonly unit: string;
  /** Series with a colour of their own. The others are shades of one colour, which differ in lightness. */
  readonly words?: readonly Word[];
}

/** What adds up, per stretch of time and on top of each other: columns `time`, `series` and one value. */
export function bars(given: Series & { readonly share?: true }): Panel {
  const stacking = { mode: given.share ? 'percent' : 'normal', group: 'A' };
  return series(given, `\${__field.labels.series}`, { drawStyle: 'bars', fillOpacity: 80, lineWidth: 0, stacking });
}

/** Values that do not add up: a column `time` and one for each line. */
export function lines(given: Series): Panel {
  return series(given, undefined, {
    drawStyle: 'line',
    lineWidth: 2,
    fillOpacity: 0,
    showPoints: 'auto',
    spanNulls: true,
  });
}

function series(given: Series, displayName: string | undefined, custom: Readonly<Record<string, unknown>>): Panel {
  const { unit, words = [] } = given;
  return {
    ...base(given, 'timeseries'),
    type: 'timeseries',
    interval: '1m',
    fieldConfig: {
      defaults: {
        unit,
        color: { mode: 'shades', fixedColor: BLUE },
        custom,
        ...(displayName === undefined ? {} : { displayName }),
      },
      overrides: asSeries(words),
    },
    options: {
      legend: {
        displayMode: 'table',
        placement: 'right',
        showLegend: true,
        calcs: [displayName === undefined ? 'mean' : 'sum'],
      },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

/** Rows with the columns' names as headings. */
export function table(given: Said & { readonly fields?: readonly Override[] }): Panel {
  return {
    ...base(given, 'table'),
    type: 'table',
    fieldConfig: { defaults: { custom: { align: 'auto', filterable: true } }, overrides: given.fields ?? [] },
    options: { showHeader: true, cellHeight: 'sm' },
  };
}
