import { hash } from 'node:crypto';
import { partsOf } from '../codec/event.ts';
import type { Extent, Parts, Row, StoredEvent, Tree } from './parts.ts';
import { CannotBuild } from './refusal.ts';
import { instant } from './words.ts';

/** Audit offsets read at once: their rows are in memory together. */
const PAGE = 5_000;

/** What is counted of the events while they pass, for the summary. */
export interface Counts {
  events: number;
  erased: number;
  /** Of the erasures that lines speak of. */
  readonly certificates: Set<string>;
  readonly byDay: Map<string, number>;
  readonly byAction: Map<string, number>;
  readonly byOutcome: Map<string, number>;
  readonly byConfidence: Map<string, number>;
}

export const newCounts = (): Counts => ({
  events: 0,
  erased: 0,
  certificates: new Set(),
  byDay: new Map(),
  byAction: new Map(),
  byOutcome: new Map(),
  byConfidence: new Map(),
});

/** What to do about events that no checkpoint covers. */
export const NEXT = 'the ledger signs at its interval; build again then';

interface Writing {
  readonly extent: Extent;
  readonly tree: Tree;
  readonly isFull: boolean;
  readonly counts: Counts;
  /** Leaf indices in order, for the proof. */
  readonly indices: number[];
  told(offsets: number): void;
}

/** Lines of events/, a page at a time, with all it takes to compute each leaf anew. */
export async function* eventLines(parts: Parts, writing: Writing): AsyncGenerator<Buffer> {
  const { partition, first, last } = writing.extent;
  for (let from = first; from <= last; from += PAGE) {
    const before = Math.min(from + PAGE, last + 1);
    const lines: string[] = [];
    for (const stored of await parts.events.read(partition, from, before)) {
      const index = await writing.tree.indexOf(stored.offset);
      if (index === undefined || index >= writing.tree.size)
        throw new CannotBuild(
          `event ${stored.event.event_id} of audit partition ${partition} is not sealed yet: ${NEXT}`,
        );
      writing.indices.push(index);
      lines.push(`${JSON.stringify(lineOf(stored, index, writing.isFull, parts.token))}\n`);
      if (!stored.isDue && stored.erased !== undefined) writing.counts.certificates.add(stored.erased.certificate);
      if (stored.isInWindow && !stored.isDue) count(stored, writing.counts);
    }
    writing.told(before - from);
    yield Buffer.from(lines.join(''));
  }
}

function lineOf(stored: StoredEvent, index: number, isFull: boolean, token: (text: string) => string): Row {
  const { offset, event, erased, isDue, isInWindow } = stored;
  const { open, personal } = partsOf(event);
  if (erased !== undefined && [personal, event.personal_salt].some((bytes) => bytes.some((byte) => byte !== 0)))
    throw new CannotBuild(
      `event ${event.event_id} was erased, and something stands in place of the person: ask \`trailhouse ledger verify\``,
    );
  const inner = erased?.hash ?? hash('sha256', Buffer.concat([event.personal_salt, personal]), 'buffer');
  const leaf = hash('sha256', Buffer.concat([Buffer.of(0), open, inner]), 'base64');
  if (isDue) return { kind: 'due', index, offset, leaf };
  const actor = event.actor_email === '' ? event.actor_id : event.actor_email;
  // In clear is what was asked for: an event of another time lies between two of these by chance.
  const isShown = isFull && isInWindow;
  return {
    kind: isInWindow ? 'row' : 'between',
    ...{ index, offset, event_id: event.event_id, occurred_at: instant(event.occurred_at) },
    ...{ action: event.action, outcome: event.outcome, actor: isShown ? actor : token(actor) },
    ...(erased === undefined ? {} : { erased: true, certificate: erased.certificate }),
    ...{ leaf, public: open.toString('base64'), inner: Buffer.from(inner).toString('base64') },
    ...(isShown && erased === undefined
      ? { personal: personal.toString('base64'), salt: Buffer.from(event.personal_salt).toString('base64') }
      : {}),
  };
}

function count({ event, erased }: StoredEvent, counts: Counts): void {
  counts.events++;
  if (erased !== undefined) counts.erased++;
  add(counts.byDay, instant(event.occurred_at).slice(0, 10));
  add(counts.byAction, event.action);
  add(counts.byOutcome, event.outcome);
  add(counts.byConfidence, event.actor_confidence);
}

const add = (to: Map<string, number>, key: string): void => void to.set(key, (to.get(key) ?? 0) + 1);
