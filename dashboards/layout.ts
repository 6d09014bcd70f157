import type { GridPos, Panel, Placed } from './grafana.ts';

/** Panels under a heading, in lines as wide as the screen: the panels of a line share it evenly. */
export interface Section {
  /** Of its heading; panels' ids are above. */
  readonly id: number;
  readonly title: string;
  readonly lines: readonly Line[];
}

export interface Line {
  /** In Grafana's grid units, of about 38 pixels. */
  readonly height: number;
  readonly panels: readonly Panel[];
}

/** Grafana's grid has this many columns. */
const COLUMNS = 24;

export const line = (height: number, ...panels: readonly Panel[]): Line => ({ height, panels });

export function place(sections: readonly Section[]): readonly Placed[] {
  let y = 0;
  return sections.flatMap(({ id, title, lines }) => {
    const at = (x: number, w: number, h: number): GridPos => ({ x, y, w, h });
    const heading: Placed = { id, type: 'row', title, collapsed: false, panels: [], gridPos: at(0, COLUMNS, 1) };
    y += 1;
    const placed = lines.flatMap(({ height, panels }) => {
      const width = COLUMNS / panels.length;
      const all = panels.map((panel, index): Placed => ({ ...panel, gridPos: at(index * width, width, height) }));
      y += height;
      return all;
    });
    return [heading, ...placed];
  });
}
