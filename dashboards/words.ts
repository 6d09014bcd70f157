import { BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION, YELLOW } from './colours.ts';
import type { Mapping, Override } from './grafana.ts';

/** A word has one colour wherever it stands. It always stands in words too: colour comes second. */
const COLOURS = {
  ...{ web: SKY, desktop: BLUE, cli: ORANGE, ide: GREEN, api: PURPLE, admin: YELLOW },
  ...{ success: BLUE, failure: ORANGE, denied: VERMILLION, unknown: GREY },
  ...{ verified: BLUE, claimed: SKY, inferred: ORANGE, none: VERMILLION },
  ...{ pass: SKY, flag: ORANGE, block: VERMILLION, mask: BLUE, error: PURPLE, not_run: GREY },
  ...{ phi: VERMILLION, pii: ORANGE, secret: PURPLE, source_code: SKY },
  ...{ running: BLUE, paused: GREY, retrying: ORANGE, parked: VERMILLION },
  ...{ complete: BLUE, incomplete: VERMILLION },
  ...{ 'fresh input': BLUE, 'cache read': SKY, 'cache write': ORANGE, output: GREEN },
  ...{ p50: SKY, p90: ORANGE, p95: ORANGE, p99: VERMILLION },
  ...{ 'budget.exceeded': VERMILLION, 'ratelimit.exceeded': ORANGE },
  ...{ '(none)': GREY, '(others)': GREY },
} as const;

export type Word = keyof typeof COLOURS;

/** Series that may be called by these words. */
export const asSeries = (words: readonly Word[]): readonly Override[] =>
  words.map((word) => ({
    matcher: { id: 'byName', options: word },
    properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: COLOURS[word] } }],
  }));

/** Cells that may hold these words. */
export const asCells = (words: readonly Word[]): Mapping => ({
  type: 'value',
  options: Object.fromEntries(words.map((word) => [word, { text: word, color: COLOURS[word] }])),
});

/** The trail's closed vocabularies. */
export const SURFACES: readonly Word[] = ['web', 'desktop', 'cli', 'ide', 'api', 'admin', '(none)'];
export const OUTCOMES: readonly Word[] = ['success', 'failure', 'denied', 'unknown'];
export const CONFIDENCES: readonly Word[] = ['verified', 'claimed', 'inferred', 'none'];
export const VERDICTS: readonly Word[] = ['pass', 'flag', 'block', 'mask', 'error', 'not_run'];
export const DATA_CLASSES: readonly Word[] = ['phi', 'pii', 'secret', 'source_code'];
export const LANE_STATES: readonly Word[] = ['running', 'paused', 'retrying', 'parked'];
