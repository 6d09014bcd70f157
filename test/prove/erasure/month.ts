import { createHash } from 'node:crypto';
import { PEOPLE } from '../../../services/processes/demo/company.ts';
import { demoDay } from '../../../services/processes/demo/day.ts';
import type { Message } from '../../../services/processes/demo/message.ts';

export const DAYS = 30;

const DAY_MS = 86_400_000;

/** As many people as work at the company of the demo; each day of the month is played by one such group. */
export const GROUP = PEOPLE.length;

/** Somebody of the month, by everything of theirs that its messages hold. */
export interface Somebody {
  readonly email: string;
  /** Texts that stand for this person alone. */
  readonly traces: readonly string[];
}

export const everybody = (groups: number): readonly Somebody[] =>
  Array.from({ length: groups }, (_, group) =>
    PEOPLE.map(({ email, subject, account, host, installation, key }) => ({
      email: recast(email, group, 0),
      traces: [email, subject, account, host, installation, key.hash].map((text) => recast(text, group, 0)),
    })),
  ).flat();

/**
 * The demo day thirty times, a day apart and ending with yesterday, each time by the next of `groups` groups of people, one in `thinned`
 * of its messages.
 */
export function* month(groups: number, thinned: number, last: number): Generator<readonly Message[]> {
  for (let day = 0; day < DAYS; day++) {
    const messages = demoDay(last - (DAYS - 1 - day) * DAY_MS).filter((_, index) => index % thinned === day % thinned);
    yield messages.map(({ topic, at, value }) => {
      const text = recast(Buffer.from(value).toString('latin1'), day % groups, day);
      return { topic, at, value: Buffer.from(text, 'latin1') };
    });
  }
}

const ACCOUNT = '00000000-0000-4000-8000-';
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The same text of somebody else: every identity is another, and as long as before, as protobuf wants it. */
function recast(text: string, group: number, day: number): string {
  const number = String(group).padStart(2, '0');
  return text
    .replaceAll('alderbrook', `alder${number}ook`)
    .replaceAll(/\bab-([a-z]+)-01\b/g, `ab-$1-${number}`)
    .replaceAll(/\b([a-z]+)([a-z]{2})-(platform|payments|data|clinical|web|support)\b/g, `$1${number}-$3`)
    .replaceAll(/\b[0-9a-f]{64}\b/g, (hex) => digest(`${hex} ${group}`))
    .replaceAll(UUID, (uuid) =>
      uuid.startsWith(ACCOUNT) ? `000000${number}${uuid.slice(8)}` : shaped(digest(`${uuid} ${day}`)),
    );
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const shaped = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
