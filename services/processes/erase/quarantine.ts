import { NotErased } from '../../clickhouse/retention/erasure/events.ts';
import {
  dropMessages,
  holdOver,
  quarantineKeys,
  quarantineStored,
  reseal,
  type SealedMessage,
  sealedUnder,
} from '../../clickhouse/retention/erasure/quarantine.ts';
import type { Subject } from '../../clickhouse/retention/erasure/subject.ts';
import { activeHolds, type PlacedHold } from '../../clickhouse/retention/holds.ts';
import { seal, unseal } from '../../privacy/seal.ts';
import { naming } from './naming.ts';
import { type EraseParts, nowUs } from './parts.ts';

/** What became of the days of quarantine that hold the subject. */
export interface QuarantineErased {
  /** How many messages this run took out. */
  readonly messages: number;
  /** Keys of days that cannot be sealed anew yet. */
  readonly waiting: readonly { readonly key: string; readonly why: string }[];
}

const PAGE = 200;

/** Until a day is over by every clock that could have named a key by it, messages may still be sealed under its key. */
const OVER_MS = 2 * 86_400_000;

/**
 * Seals the days that hold the subject anew, without the messages that name them, and destroys the keys of before: whoever has a
 * copy of the sealed bytes cannot open it any more. A day whose messages are not all stored yet waits.
 */
export async function eraseQuarantined(
  subject: Subject,
  certificate: string,
  begin: () => Promise<void>,
  parts: EraseParts,
): Promise<QuarantineErased> {
  const names = naming(subject);
  const waiting: { key: string; why: string }[] = [];
  const holds = await activeHolds(parts.clickhouse.writer);
  let messages = 0;
  const stored = await allStored(parts);
  for (const key of await quarantineKeys(parts.clickhouse.writer)) {
    const { about, others, closed } = await sorted(key, names, parts);
    if (about.length === 0 && !closed) continue;
    const why = closed ? 'its key is not on this machine' : await whyItWaits(key, stored, holds, parts);
    if (why !== undefined) {
      waiting.push({ key, why });
      continue;
    }
    await begin();
    await resealed(key, others, certificate, parts);
    await dropMessages(parts.clickhouse.writer, about, certificate, nowUs(parts.clock));
    if ((await sealedUnder(parts.clickhouse.writer, key, { after: '', most: 1 })).length > 0)
      throw new NotErased(`messages are sealed under ${key} still`);
    await parts.keys.destroy(key);
    messages += about.length;
  }
  return { messages, waiting };
}

async function whyItWaits(
  key: string,
  stored: boolean,
  holds: readonly PlacedHold[],
  parts: EraseParts,
): Promise<string | undefined> {
  if (!isOver(key, parts)) return 'the day is not over yet by every clock';
  if (!stored) return 'quarantined messages are on their way to the store';
  const hold = await holdOver(parts.clickhouse.writer, key, holds);
  return hold === undefined ? undefined : `held: ${hold.hold}`;
}

function isOver(key: string, { clock }: EraseParts): boolean {
  const [, day] = /^quarantine-(\d{4}-\d\d-\d\d)/.exec(key) ?? [];
  return day !== undefined && clock.now().getTime() - Date.parse(day) > OVER_MS;
}

/** What is on its way to the store would come under a key that is no more. */
async function allStored({ log, clickhouse }: EraseParts): Promise<boolean> {
  const topic = await log.describe('audit.quarantine');
  const reached = await quarantineStored(clickhouse.writer);
  return topic?.partitions.every(({ end }, partition) => end === 0 || (reached.get(partition) ?? 0) >= end) ?? false;
}

interface Sorted {
  readonly about: readonly string[];
  readonly others: readonly SealedMessage[];
  /** Whether a message could not be opened. */
  readonly closed: boolean;
}

/** Opens every message under a key. `others` carry their bytes open: a day's quarantine fits into memory. */
async function sorted(key: string, names: RegExp, { clickhouse, keys }: EraseParts): Promise<Sorted> {
  const secret = await keys.find(key);
  const about: string[] = [];
  const others: SealedMessage[] = [];
  for (let after = ''; ; ) {
    const page = await sealedUnder(clickhouse.writer, key, { after, most: PAGE });
    for (const { id, sealed } of page) {
      const plain = secret === undefined ? undefined : unseal(secret, sealed, Buffer.from(id));
      if (plain === undefined) return { about: [], others: [], closed: true };
      if (names.test(legible(plain))) about.push(id);
      else others.push({ id, sealed: plain });
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return { about, others, closed: false };
    after = last.id;
  }
}

/** JSON may write any letter by its number, within JSON too, and addresses of pages write them in percent. */
function legible(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString()
    .replaceAll(/\\+u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll(/(?:%[0-9a-f]{2})+/gi, (text) => Buffer.from(text.replaceAll('%', ''), 'hex').toString())
    .normalize('NFC');
}

async function resealed(
  from: string,
  open: readonly SealedMessage[],
  certificate: string,
  { clickhouse, keys }: EraseParts,
): Promise<void> {
  const to = `${from.slice(0, 'quarantine-2000-01-01'.length)}-${certificate.slice(0, 8)}`;
  const secret = await keys.get(to);
  for (let at = 0; at < open.length; at += PAGE) {
    const page = open
      .slice(at, at + PAGE)
      .map(({ id, sealed }) => ({ id, sealed: seal(secret, sealed, Buffer.from(id)) }));
    await reseal(clickhouse.writer, { from, to }, page);
  }
}
