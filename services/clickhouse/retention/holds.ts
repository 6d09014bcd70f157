import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Store } from '../../core/store.ts';
import { isDate } from '../dates.ts';
import { gateWhere } from '../events.ts';
import { ClickHouseFailure } from '../failure.ts';
import { isSymbol, lex, type Token } from '../gate-lexer.ts';
import { plainWords } from '../plain-words.ts';
import { lasting, NO_EVENT } from './lasting.ts';

/** Which events a hold keeps: those that fit the condition and occurred in the window. Empty: no bound. */
interface Hold {
  readonly hold: string;
  /** A condition over one row of `audit.trail`. */
  readonly condition: string;
  /** Texts ClickHouse reads as times; `occurred_to` does not count. */
  readonly occurred_from: string;
  readonly occurred_to: string;
  /** Raw topic whose quarantined messages it keeps too, received in the window; `*` stands for all, empty for none. */
  readonly quarantine: string;
}

/** A hold that stands on the trail, and the operator who placed it. */
export interface PlacedHold extends Hold {
  readonly placed_by: string;
}

/** A hold that stands on the trail cannot be read: nothing may be deleted before it can. */
export class HoldUnreadable extends Error {
  override readonly name = 'HoldUnreadable';
  readonly hold: string;
  readonly operator: string;

  constructor({ hold, placed_by }: Pick<PlacedHold, 'hold' | 'placed_by'>, reason: string) {
    super(`hold ${hold} of operator ${placed_by}: ${reason}`);
    this.hold = hold;
    this.operator = placed_by;
  }
}

/** Tells a condition that reached the trail as it was meant from one that was changed on the way. */
export const conditionDigest = ({ condition, occurred_from, occurred_to, quarantine }: Omit<Hold, 'hold'>): string =>
  createHash('sha256')
    .update(JSON.stringify([condition, occurred_from, occurred_to, ...(quarantine === '' ? [] : [quarantine])]))
    .digest('hex')
    .slice(0, 32);

const row = z.object({
  hold: z.string(),
  condition: z.string(),
  condition_digest: z.string(),
  occurred_from: z.string(),
  occurred_to: z.string(),
  quarantine: z.string(),
  placed_by: z.string(),
});

/** The holds in force, by id. Rejects with `HoldUnreadable` where one is not what its operator placed. */
export async function activeHolds(store: Store): Promise<readonly PlacedHold[]> {
  const rows = await store.rows(
    'SELECT hold, condition, condition_digest, occurred_from, occurred_to, quarantine, placed_by FROM audit.holds WHERE active ORDER BY hold',
  );
  return rows.map((one) => {
    const { condition_digest, ...hold } = row.parse(one);
    if (conditionDigest(hold) === condition_digest) return hold;
    throw new HoldUnreadable(hold, 'its condition on the trail is not the one that was placed');
  });
}

/** The condition of a hold as SQL over one row of `lasting(…) AS trail`. */
export async function conditionSql(store: Store, hold: PlacedHold): Promise<string> {
  const bare = await bareCondition(store, hold.condition);
  if (!bare.ok) throw new HoldUnreadable(hold, bare.reason);
  return [...windowSql(hold, 'trail.occurred_at'), `(${bare.sql})`].join(' AND ');
}

/** The window of a hold as conditions over a column of times. */
export function windowSql(hold: PlacedHold, column: string): readonly string[] {
  const time = (text: string) => `parseDateTime64BestEffort('${instant(hold, text)}', 6, 'UTC')`;
  return [
    ...(hold.occurred_from === '' ? [] : [`${column} >= ${time(hold.occurred_from)}`]),
    ...(hold.occurred_to === '' ? [] : [`${column} < ${time(hold.occurred_to)}`]),
  ];
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/;

const isInstant = (text: string): boolean => INSTANT.test(text) && isDate(text);

function instant(hold: PlacedHold, text: string): string {
  if (isInstant(text)) return text;
  throw new HoldUnreadable(hold, 'its window is no time');
}

/** Why a hold cannot be placed; undefined where it can. Reads no event. */
export async function whyNoHold(store: Store, hold: Omit<Hold, 'hold'>): Promise<string | undefined> {
  if ([hold.occurred_from, hold.occurred_to].some((text) => text !== '' && !isInstant(text)))
    return 'write the window as times in UTC, such as 2026-03-04T00:00:00Z';
  const bare = await bareCondition(store, hold.condition);
  if (!bare.ok) return bare.reason;
  try {
    const condition = await conditionSql(store, { hold: '', placed_by: '', ...hold });
    await store.rows(`SELECT count() AS rows FROM ${lasting(NO_EVENT)} AS trail WHERE ${condition}`);
    return undefined;
  } catch (error) {
    if (error instanceof ClickHouseFailure && error.code !== undefined) return plainWords(error);
    throw error;
  }
}

type Bare = { readonly ok: true; readonly sql: string } | { readonly ok: false; readonly reason: string };

const QUESTION = 'SELECT event_id FROM audit.trail WHERE (';

/**
 * What answers differently from one day to the next: a hold would let go by itself. `BestEffort` takes a day without a year to
 * be of the current one.
 */
const FICKLE =
  /^(now|now64|today|yesterday|curdate|utctimestamp|utc_timestamp|current_timestamp|current_date|parsedatetime\w*besteffort\w*|version|timezone|uptime|rand\w*|generate\w*)$/i;

/**
 * A hold looks at each event by itself. A question within would be asked of what is stored today, and an event that was held
 * for another's sake would go once that one had.
 */
async function bareCondition(store: Store, condition: string): Promise<Bare> {
  const lexed = lex(condition);
  if (!lexed.ok) return lexed;
  if (!isBalanced(lexed.tokens)) return { ok: false, reason: 'the brackets of the condition do not match' };
  const words = lexed.tokens.filter(({ kind }) => kind === 'word' || kind === 'quoted').map(({ text }) => text);
  if (words.some((word) => /^(select|with|over)$/i.test(word)))
    return { ok: false, reason: 'a hold looks at each event by itself: its condition asks no other question' };
  const fickle = words.find((word) => FICKLE.test(word));
  if (fickle !== undefined) return { ok: false, reason: `${fickle} changes by itself: a hold names fixed times` };
  if (lexed.tokens.some(({ kind }) => kind === 'parameter')) return { ok: false, reason: 'a hold has no parameters' };
  const gated = await gateWhere(condition, (statement) => store.text(statement, 'TabSeparatedRaw'));
  if (!gated.ok) return gated;
  if (!gated.sql.startsWith(QUESTION)) return { ok: false, reason: 'the condition is not one condition' };
  return { ok: true, sql: gated.sql.slice(QUESTION.length, -1) };
}

/** A bracket that closes what the condition did not open would reach around it. */
function isBalanced(tokens: readonly Token[]): boolean {
  let depth = 0;
  for (const token of tokens) {
    if (isSymbol(token, '(')) depth++;
    if (isSymbol(token, ')') && --depth < 0) return false;
  }
  return depth === 0;
}

/** Whether anybody's events were corrected. */
export async function anyCorrection(store: Store): Promise<boolean> {
  return (await store.rows('SELECT 1 FROM audit.corrections LIMIT 1')).length > 0;
}
