import { hash } from 'node:crypto';
import type { Watermark } from '../core/origin.ts';

/**
 * What became of the raw offsets that the events of a tree come from: the accounting that goes with a checkpoint, which holds
 * its SHA-256. Text, so that anybody can read it; docs/ledger.md has the grammar.
 */
export interface Statement {
  readonly origin: string;
  /** Size of the tree it goes with, and of the one whose statement it continues; 0: it continues none. */
  readonly size: number;
  readonly previous: number;
  /** Offset on audit.accounting of the first account that is not in a statement yet. */
  readonly accounts: number;
  /** In the order of their names. */
  readonly raw: readonly Standing[];
}

/** Where one raw partition stands. */
export interface Standing {
  /** `epoch/topic/partition` */
  readonly lineage: string;
  /** Last event in the tree. */
  readonly taken: Watermark | undefined;
  /** Raw offset up to which statements account; undefined before the first account. */
  readonly accounted: number | undefined;
  /** What this statement accounts for. Where one does not begin where the one before ended, accounts are missing. */
  readonly ranges: readonly Range[];
  /** Events in the tree that no account has come for yet. */
  readonly waiting: readonly Run[];
}

/** Raw offsets `first` up to, not including, `next`. */
export interface Range {
  readonly first: number;
  readonly next: number;
  readonly accepted: number;
  readonly skipped: number;
  readonly quarantined: number;
  readonly absent: number;
  /** Events that the accepted messages gave. */
  readonly events: number;
  /** How many of them are in the tree. */
  readonly sealed: number;
  /** Offsets that did not give one event each. */
  readonly exceptions: readonly Exception[];
}

export const OUTCOMES = ['accepted', 'skipped', 'quarantined', 'absent', 'unaccounted'] as const;

/** `unaccounted`: in the tree, though no account had promised it. */
export type Outcome = (typeof OUTCOMES)[number];

/** `count` raw offsets from `offset` on, of `events` events each. */
export interface Run {
  readonly offset: number;
  readonly count: number;
  readonly events: number;
}

export interface Exception extends Run {
  readonly outcome: Outcome;
}

const HEAD = 'trailhouse accounting v1';

export function writeStatement({ origin, size, previous, accounts, raw }: Statement): string {
  const lines = [HEAD, origin, size, `previous ${previous}`, `accounts ${accounts}`, ...raw.flatMap(standingLines)];
  return `${lines.join('\n')}\n`;
}

function standingLines({ lineage, taken, accounted, ranges, waiting }: Standing): readonly string[] {
  const last = taken === undefined ? '-' : `${taken.offset}:${taken.ordinal}`;
  return [
    `raw ${lineage} taken ${last} accounted ${accounted ?? '-'}`,
    ...ranges.flatMap(rangeLines),
    ...waiting.map((run) => `waiting ${runText(run)}`),
  ];
}

function rangeLines({ first, next, exceptions, ...counts }: Range): readonly string[] {
  const { accepted, skipped, quarantined, absent, events, sealed } = counts;
  const outcomes = `accepted ${accepted} skipped ${skipped} quarantined ${quarantined} absent ${absent}`;
  return [
    `range ${first} ${next} ${outcomes} events ${events} sealed ${sealed}`,
    ...exceptions.map((one) => `${one.outcome} ${runText(one)}`),
  ];
}

const runText = ({ offset, count, events }: Run): string => `${offset} ${count} ${events}`;

/** What a checkpoint holds of its statement. */
export const statementDigest = (text: string): Uint8Array => hash('sha256', text, 'buffer');

type Open = {
  readonly lineage: string;
  readonly taken: Watermark | undefined;
  readonly accounted: number | undefined;
  readonly ranges: (Range & { readonly exceptions: Exception[] })[];
  readonly waiting: Run[];
};

/** Undefined where the text is no statement of this version. */
export function readStatement(text: string): Statement | undefined {
  const [head, origin, size, previous, accounts, ...lines] = text.split('\n');
  const [before, cursor] = [numberAfter('previous', previous), numberAfter('accounts', accounts)];
  if (head !== HEAD || origin === undefined || lines.pop() !== '') return undefined;
  if (size === undefined || !NUMBER.test(size) || before === undefined || cursor === undefined) return undefined;
  const raw: Open[] = [];
  for (const line of lines) if (!readLine(line, raw)) return undefined;
  return { origin, size: Number(size), previous: before, accounts: cursor, raw };
}

const NUMBER = /^(0|[1-9]\d{0,15})$/;

function numberAfter(name: string, line: string | undefined): number | undefined {
  const [found, value, ...more] = line?.split(' ') ?? [];
  return found === name && value !== undefined && more.length === 0 && NUMBER.test(value) ? Number(value) : undefined;
}

/** Takes a line in; false where it cannot stand there. */
function readLine(line: string, raw: Open[]): boolean {
  const standing = /^raw (\d{1,3}\/[A-Za-z0-9._-]+\/\d{1,5}) taken (?:-|(\d+):(\d+)) accounted (-|\d+)$/.exec(line);
  if (standing !== null) {
    const [, lineage = '', offset, ordinal, accounted] = standing;
    const taken = offset === undefined ? undefined : { offset: Number(offset), ordinal: Number(ordinal) };
    raw.push({ lineage, taken, accounted: accounted === '-' ? undefined : Number(accounted), ranges: [], waiting: [] });
    return true;
  }
  const open = raw.at(-1);
  const range =
    /^range (\d+) (\d+) accepted (\d+) skipped (\d+) quarantined (\d+) absent (\d+) events (\d+) sealed (\d+)$/;
  const counts = range.exec(line)?.slice(1).map(Number);
  if (open === undefined) return false;
  if (counts !== undefined) {
    const [first = 0, next = 0, accepted = 0, skipped = 0, quarantined = 0, absent = 0, events = 0, sealed = 0] =
      counts;
    open.ranges.push({ first, next, accepted, skipped, quarantined, absent, events, sealed, exceptions: [] });
    return true;
  }
  const [, word, ...numbers] = /^([a-z]+) (\d+) (\d+) (\d+)$/.exec(line) ?? [];
  const [offset = 0, count = 0, events = 0] = numbers.map(Number);
  if (word === 'waiting') open.waiting.push({ offset, count, events });
  const outcome = OUTCOMES.find((known) => known === word);
  if (outcome !== undefined) open.ranges.at(-1)?.exceptions.push({ outcome, offset, count, events });
  return word === 'waiting' || (outcome !== undefined && open.ranges.length > 0);
}
