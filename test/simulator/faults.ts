import type { Plot } from './plot.ts';
import type { Random } from './random.ts';

/** What lies outside of a process, each behind a port of its own. */
export const PORTS = ['log', 'clickhouse', 'registry', 'disk', 'receiver'] as const;
export type Port = (typeof PORTS)[number];

/** What becomes of one request. */
export type Fate =
  | { readonly kind: 'done' }
  /** Not done, and said so. */
  | { readonly kind: 'refused' }
  /** Said to have failed: done wholly, in part or not at all, before the answer or long after it. */
  | { readonly kind: 'unknown' }
  /** No answer ever comes; what asked has to give up by itself. */
  | { readonly kind: 'hanging' }
  /** The process that asks dies: before the request left, while it is under way, or just after its end. */
  | { readonly kind: 'crash'; readonly when: 'before' | 'during' | 'after' };

/** How a seed treats those who ask. */
export interface Faults {
  /** False once the seed lets everything come to its end. */
  isOn: boolean;
  fate(port: Port): Fate;
  /** How long one leg of a request takes. */
  latencyMs(isSlow: boolean): number;
}

export function openFaults(random: Random, plot: Pick<Plot, 'failing' | 'hanging' | 'crashes' | 'slow'>): Faults {
  const { failing, hanging, crashes, slow } = plot;
  const faults: Faults = {
    isOn: true,
    fate(port) {
      if (!faults.isOn) return { kind: 'done' };
      if (random.chance(crashes[port])) return { kind: 'crash', when: random.pick(['before', 'during', 'after']) };
      if (!random.chance(failing[port])) return { kind: 'done' };
      if (port === 'receiver' && random.chance(hanging)) return { kind: 'hanging' };
      return { kind: random.chance(0.3) ? 'refused' : 'unknown' };
    },
    latencyMs(isSlow) {
      if (!faults.isOn || !isSlow || !random.chance(slow)) return 1 + random.below(8);
      return 1 + random.below(random.pick([200, 3_000, 20_000]));
    },
  };
  return faults;
}
