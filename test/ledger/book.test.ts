import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditAccounting } from '../../services/core/records.generated.ts';
import { Book } from '../../services/ledger/book.ts';
import { completeness } from '../../services/ledger/completeness.ts';
import { readStatement, type Statement, writeStatement } from '../../services/ledger/statement.ts';

const LINEAGE = '0/gateway.events/0';
const NOTHING = { accounts: 0, raw: [] };

/** What became of raw offsets, in order: a number is how many events a message gave. */
type Fate = number | 'skipped' | 'quarantined' | 'absent';

function accountOf(first: number, fates: readonly Fate[]): AuditAccounting {
  const count = (fate: Fate) => fates.filter((one) => one === fate).length;
  const numbers = fates.filter((fate) => typeof fate === 'number');
  return {
    ...{ origin_epoch: 0, origin_topic: 'gateway.events', origin_partition: 0, settled_at: 0 },
    ...{ first, next: first + fates.length, accepted: numbers.length, skipped: count('skipped') },
    ...{ quarantined: count('quarantined'), absent: count('absent'), events: numbers.reduce((a, b) => a + b, 0) },
    exceptions: fates.flatMap((fate, index) => {
      if (fate === 1) return [];
      const [outcome, events] = typeof fate === 'number' ? ['accepted', fate] : [fate, 0];
      return [{ offset: first + index, count: 1, outcome, events, reason: 'why' }];
    }),
  };
}

function sealAll(book: Book, first: number, fates: readonly Fate[]): void {
  for (const [index, fate] of fates.entries())
    for (let ordinal = 0; typeof fate === 'number' && ordinal < fate; ordinal++)
      book.seal(LINEAGE, { offset: first + index, ordinal });
}

const fate = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constantFrom<Fate>('skipped', 'quarantined', 'absent'));
const batches = fc.array(fc.array(fate, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 12 });

test('what was settled and sealed leaves no hole, wherever statements are drawn and the book is opened again', () => {
  fc.assert(
    fc.property(batches, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (all, drawn) => {
      const statements: Statement[] = [];
      let [book, offset] = [new Book(NOTHING), 0];
      for (const [index, fates] of all.entries()) {
        const account = accountOf(offset, fates);
        const promises = fates.some((one) => typeof one === 'number');
        expect(book.covers(LINEAGE, account)).toBe(!promises);
        sealAll(book, offset, fates);
        expect(book.covers(LINEAGE, account)).toBe(true);
        if (drawn[index] === true) book = again(book, statements);
        book.account(LINEAGE, account, index + 1);
        offset += fates.length;
      }
      again(book, statements);
      const [shown] = completeness(statements);
      const flat = all.flat();
      const events = flat.reduce<number>((sum, one) => sum + (typeof one === 'number' ? one : 0), 0);
      expect(shown).toMatchObject({ lineage: LINEAGE, first: 0, next: offset, events, sealed: events, holes: [] });
      expect(shown?.quarantined).toBe(flat.filter((one) => one === 'quarantined').length);
    }),
  );
});

/** Draws a statement and opens the book by its text. */
function again(book: Book, statements: Statement[]): Book {
  const previous = statements.at(-1)?.size ?? 0;
  const statement = { origin: 'alderbrook.example/audit/0', size: previous + 1, previous, ...book.pages() };
  const read = readStatement(writeStatement(statement));
  expect(read).toEqual(statement);
  statements.push(statement);
  return new Book(read ?? NOTHING);
}

function shownBy(draw: (book: Book) => void) {
  const book = new Book(NOTHING);
  draw(book);
  const statement = { origin: 'a/0', size: 1, previous: 0, ...book.pages() };
  return completeness([statement])[0]?.holes;
}

test('events that are missing, too many, or not accounted for are holes', () => {
  const missing = shownBy((book) => {
    sealAll(book, 0, [1, 1]);
    book.account(LINEAGE, accountOf(0, [1, 1]), 1);
    sealAll(book, 2, [1]);
    book.account(LINEAGE, accountOf(2, [1, 2]), 2);
  });
  expect(missing).toEqual([{ first: 2, next: 4, missing: 2, reason: 'fewer events than accounted for' }]);

  const gap = shownBy((book) => {
    sealAll(book, 0, [1, 1, 1]);
    book.account(LINEAGE, accountOf(0, [1]), 1);
    book.account(LINEAGE, accountOf(2, [1]), 2);
  });
  expect(gap).toEqual([
    { first: 1, next: 2, missing: undefined, reason: 'not accounted for' },
    { first: 1, next: 2, missing: -1, reason: 'more events than accounted for' },
  ]);
});

test('a text that is no statement is not read', () => {
  const book = new Book(NOTHING);
  sealAll(book, 5, [1, 2, 'skipped']);
  book.account(LINEAGE, accountOf(5, [1, 2, 'skipped']), 1);
  const text = writeStatement({ origin: 'a/0', size: 1, previous: 0, ...book.pages() });
  expect(text.split('\n')).toEqual([
    'trailhouse accounting v1',
    'a/0',
    '1',
    'previous 0',
    'accounts 1',
    'raw 0/gateway.events/0 taken 6:1 accounted 8',
    'range 5 8 accepted 2 skipped 1 quarantined 0 absent 0 events 3 sealed 3',
    'accepted 6 1 2',
    'skipped 7 1 0',
    '',
  ]);
  for (const wrong of ['', text.slice(0, -1), text.replace('v1', 'v2'), text.replace('skipped 7', 'spilt 7')])
    expect(readStatement(wrong)).toBeUndefined();
});

test('an account with a word nobody knows is refused', () => {
  const account = accountOf(0, ['skipped']);
  const odd = { ...account, exceptions: account.exceptions.map((one) => ({ ...one, outcome: 'eaten' })) };
  expect(() => new Book(NOTHING).account(LINEAGE, odd, 1)).toThrow('an account with an outcome nobody knows: eaten');
});
