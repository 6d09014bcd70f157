import type { Ended, Parcel } from '../../services/delivery/dispatch.ts';
import { event } from '../support/event.ts';

export const idOf = (partition: number, offset: number): string => `${partition}/${offset}`;

/** Parcels of a partition, at offsets with gaps. */
export function parcels(
  count: number,
  more: { readonly partition?: number; opened?(id: string): void } = {},
): Parcel[] {
  return Array.from({ length: count }, (_, index) => {
    const offset = 7 + index * 3;
    const event_id = idOf(more.partition ?? 0, offset);
    return {
      offset,
      bytes: 100,
      open() {
        more.opened?.(event_id);
        return event({ event_id });
      },
    };
  });
}

export const offsets = (list: readonly { readonly offset: number }[]): number[] => list.map(({ offset }) => offset);

/** A place to settle to. */
export function ledger(): { readonly ended: Ended[]; settle(ended: readonly Ended[]): Promise<void> } {
  const ended: Ended[] = [];
  return { ended, settle: async (more) => void ended.push(...more) };
}
