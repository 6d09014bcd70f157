import type { Figures } from './figures.ts';
import { diskFull } from './long/disk.ts';
import { fuzz } from './long/fuzz.ts';
import { halfLoad } from './long/half-load.ts';
import { openKept } from './long/kept.ts';
import { killed } from './long/kills.ts';
import { saturated, saturationSection } from './long/saturation.ts';
import { type Section, written } from './long/section.ts';
import { skewed } from './long/skew.ts';

export interface Long {
  readonly kills: number;
  readonly events: number;
  readonly minutes: number;
  readonly inputs: number;
  /** Where results are kept, to go on from after an end. */
  readonly keep: string | undefined;
}

/** Half load is measured for so long a part of the time at saturation. */
const HALF_LOAD_SHARE = 1 / 6;

/** What takes hours: kills, saturation, full disks, wrong clocks, and inputs nobody would write. */
export async function long({ kills, events, minutes, inputs, keep }: Long): Promise<Figures> {
  const kept = openKept(keep);
  const sections: Section[] = [await fuzz(inputs, kept), await diskFull(kept), await skewed(kept)];
  sections.push(await killed(kills, events, kept));
  // Last, with nothing beside it: pace and delays are measured.
  const saturation = await saturated(minutes, kept);
  sections.push(saturationSection(saturation));
  sections.push(await halfLoad(saturation.perSecond / 2, Math.round(minutes * 60 * HALF_LOAD_SHARE), kept));
  return {
    title: 'The long proof',
    table: `${asked({ kills, events, minutes, inputs })}\n\n${sections.map(written).join('\n\n')}`,
    held: sections.every(({ held }) => held),
    json: Object.assign({}, ...sections.map(({ json }) => json)),
  };
}

/** What makes the proof a whole one. */
const WHOLE = { kills: 1_000, events: 1_000_000, minutes: 60, inputs: 10_000_000 };

function asked(run: typeof WHOLE): string {
  const isWhole = JSON.stringify(run) === JSON.stringify(WHOLE);
  const of = ({ kills, events, minutes, inputs }: typeof WHOLE) =>
    `${kills} kills over ${events} events, ${minutes} minutes at saturation, ${inputs} inputs`;
  return isWhole ? `Run whole: ${of(run)}.` : `**Run short**: ${of(run)}. The whole is ${of(WHOLE)}.`;
}
