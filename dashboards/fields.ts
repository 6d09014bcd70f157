import type { CHOICES } from './filters.ts';
import type { Override, Threshold } from './grafana.ts';
import { asCells, type Word } from './words.ts';

/** What is said about single columns of a table. */

const field = (name: string, properties: Readonly<Record<string, unknown>>): Override => ({
  matcher: { id: 'byName', options: name },
  properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
});

/** A unit of Grafana's, by its id. */
export const unit = (id: string, ...columns: readonly string[]): readonly Override[] =>
  columns.map((column) => field(column, { unit: id }));

const COLOURED = { 'custom.cellOptions': { type: 'color-text' } };

/** Words in their colours. */
export const words = (column: string, all: readonly Word[]): Override =>
  field(column, { ...COLOURED, mappings: [asCells(all)] });

/** Numbers in the colour of the step they have reached. */
export const stepped = (column: string, steps: readonly Threshold[]): Override =>
  field(column, { ...COLOURED, color: { mode: 'thresholds' }, thresholds: { mode: 'absolute', steps } });

/** A click narrows a dashboard down to the value. */
export const narrows = (column: string, uid: string, variable: keyof typeof CHOICES): Override =>
  field(column, {
    links: [
      {
        title: `Only this ${variable}`,
        url: `/d/${uid}?\${__url_time_range}&var-${variable}=\${__value.raw:percentencode}`,
      },
    ],
  });
