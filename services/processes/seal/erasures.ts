import { erasing } from '../../clickhouse/retention/erasure/listed.ts';
import type { StoredLeaf } from '../../clickhouse/stored-leaves.ts';
import type { Store } from '../../core/store.ts';
import type { Certified } from './certified.ts';

interface Around {
  readonly store: Store;
  readonly certified: Certified;
  /** When the certificates were read, in microseconds since 1970. */
  readonly since: number;
}

/** Rows whose personal part was erased, counted by what speaks for that: a signed certificate, or an erasure under way. */
export class Erasures {
  readonly #around: Around;
  readonly #erased = new Map<string, number>();
  readonly #erasing = new Map<string, number>();

  constructor(around: Around) {
    this.#around = around;
  }

  /** Rows of a page that nothing speaks for. An event that lies in two tables counts once, and each of its rows is looked at. */
  async unlisted(rows: readonly StoredLeaf[]): Promise<readonly StoredLeaf[]> {
    const { certified } = this.#around;
    const open: StoredLeaf[] = [];
    const counted = new Set<string>();
    for (const row of rows) {
      if (row.personalHash === undefined) continue;
      const under = certified.erased.of(row.eventId, row.personalHash);
      if (under === undefined) open.push(row);
      else if (!counted.has(row.eventId)) add(this.#erased, under);
      counted.add(row.eventId);
    }
    return open.length === 0 ? [] : this.#notUnderWay(open);
  }

  async #notUnderWay(rows: readonly StoredLeaf[]): Promise<readonly StoredLeaf[]> {
    const { store, since } = this.#around;
    const underWay = new Map((await erasing(store, since)).map((one) => [`${one.event} ${one.hash}`, one.certificate]));
    const counted = new Set<string>();
    return rows.filter(({ eventId, personalHash }) => {
      const certificate = underWay.get(`${eventId} ${personalHash}`);
      if (certificate !== undefined && !counted.has(eventId)) add(this.#erasing, certificate);
      counted.add(eventId);
      return certificate === undefined;
    });
  }

  counted(): { readonly erased: Readonly<Record<string, number>>; readonly erasing: Readonly<Record<string, number>> } {
    return { erased: Object.fromEntries(this.#erased), erasing: Object.fromEntries(this.#erasing) };
  }
}

const add = (to: Map<string, number>, key: string): void => void to.set(key, (to.get(key) ?? 0) + 1);
