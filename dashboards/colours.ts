import type { Threshold } from './grafana.ts';

/** Colours that people with any kind of colour blindness tell apart (Okabe and Ito, "Color Universal Design", 2008). */
export const BLUE = '#0072B2';
export const SKY = '#56B4E9';
export const GREEN = '#009E73';
export const YELLOW = '#F0E442';
export const ORANGE = '#E69F00';
export const VERMILLION = '#D55E00';
export const PURPLE = '#CC79A7';
export const GREY = '#999999';

/** `first` counts below the first step. */
export const thresholds = (
  first: string,
  ...steps: readonly (readonly [from: number, colour: string])[]
): readonly Threshold[] => [{ color: first, value: null }, ...steps.map(([value, color]) => ({ color, value }))];
