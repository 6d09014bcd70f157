/** The part of Grafana's classic dashboard model (schema version 42) that our dashboards use, by Grafana's names. */

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly schemaVersion: 42;
  readonly editable: false;
  readonly graphTooltip: 1;
  readonly timezone: 'utc';
  readonly refresh: string;
  readonly time: { readonly from: string; readonly to: string };
  readonly links: readonly DashboardLink[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: { readonly list: readonly never[] };
  readonly panels: readonly Placed[];
}

export interface DashboardLink {
  readonly type: 'dashboards';
  readonly title: string;
  readonly tags: readonly string[];
  readonly asDropdown: false;
  readonly keepTime: true;
  readonly includeVars: true;
  readonly targetBlank: false;
}

export interface Datasource {
  readonly type: 'grafana-clickhouse-datasource';
  readonly uid: string;
}

export type Variable = DatasourceVariable | QueryVariable;

export interface DatasourceVariable {
  readonly type: 'datasource';
  readonly name: 'datasource';
  readonly label: string;
  readonly description: string;
  readonly query: Datasource['type'];
  readonly current: { readonly text: string; readonly value: string };
}

export interface QueryVariable {
  readonly type: 'query';
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly datasource: Datasource;
  readonly query: { readonly refId: string; readonly editorType: 'sql'; readonly rawSql: string };
  readonly multi: true;
  readonly includeAll: true;
  readonly current: { readonly text: readonly ['All']; readonly value: readonly ['$__all'] };
  /** 2: asked again when the time range changes. */
  readonly refresh: 2;
}

/** A query in the plugin's words. `format` is sqlds' number: 0 makes series of the rows, 1 leaves them a table. */
export interface Target {
  readonly refId: 'A';
  readonly datasource: Datasource;
  readonly pluginVersion: string;
  readonly editorType: 'sql';
  readonly queryType: 'timeseries' | 'table';
  readonly format: 0 | 1;
  readonly rawSql: string;
}

export interface Threshold {
  readonly color: string;
  readonly value: number | null;
}

/** A text instead of a value, and the colour of both. */
export interface Mapping {
  readonly type: 'value';
  readonly options: Readonly<Record<string, { readonly text: string; readonly color: string }>>;
}

export interface Override {
  readonly matcher: { readonly id: 'byName'; readonly options: string };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

export interface FieldConfig {
  readonly defaults: {
    readonly unit?: string;
    readonly displayName?: string;
    readonly color?: { readonly mode: string; readonly fixedColor?: string };
    readonly thresholds?: { readonly mode: 'absolute'; readonly steps: readonly Threshold[] };
    readonly custom?: Readonly<Record<string, unknown>>;
  };
  readonly overrides: readonly Override[];
}

/** A panel without its place. */
export interface Panel {
  /** Part of the panel's address: never given to another one. */
  readonly id: number;
  readonly type: 'timeseries' | 'table' | 'stat';
  readonly title: string;
  readonly description: string;
  readonly datasource: Datasource;
  readonly targets: readonly [Target];
  /** The shortest stretch of time a point stands for. */
  readonly interval?: string;
  readonly fieldConfig: FieldConfig;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Row {
  readonly id: number;
  readonly type: 'row';
  readonly title: string;
  readonly collapsed: false;
  readonly panels: readonly never[];
}

export interface GridPos {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export type Placed = (Panel | Row) & { readonly gridPos: GridPos };
