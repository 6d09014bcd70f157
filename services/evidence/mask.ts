import { newest } from '../codec/schemas.ts';
import type { Row } from './parts.ts';

const schema: { readonly fields: readonly { readonly name: string; readonly part: string }[] } = JSON.parse(
  newest('audit-event').json,
);

/** Columns of answers that name no person: public fields of an event, and words of ours. All others are masked. */
const OPEN: ReadonlySet<string> = new Set([
  ...schema.fields.filter(({ part }) => part === 'public').map(({ name }) => name),
  ...[
    'kind',
    'times',
    'day',
    'hour',
    'what',
    'review',
    'verdict',
    'stopped_by',
    'rule',
    'team',
    'project',
    'reported_by',
  ],
  ...['guardrail', 'phase', 'mode', 'categories', 'model', 'sink', 'state', 'stored_in', 'digest', 'key', 'basis'],
  ...['confidence', 'why', 'usual_reason', 'resolved_by', 'versions', 'outcome', 'framework'],
]);

/** Questions whose column of such a name holds what somebody did, not what a rule says. */
const CLOSED: Readonly<Record<string, readonly string[]>> = { denied: ['what'], findings: ['what'] };

/** Columns whose ids are of things. In any other one an id may be a person's: directories hand out UUIDs. */
const OF_THINGS: ReadonlySet<string> = new Set([
  'correction',
  'first_event',
  'quarantine_id',
  'hold',
  'certificate',
  'certificates',
  'erasure',
]);

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A time names nobody. */
const TIME = /^(?:\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d:\d\d(?:\.\d{1,9})?Z?)?)?$/;

/** The row as the masked profile shows it: every text of a column that may name somebody is a token, as at receivers. */
export function maskRow(question: string, row: Row, token: (text: string) => string): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      const shown = OF_THINGS.has(column) ? (words: string) => (UUID.test(words) ? words : token(words)) : token;
      return [column, isOpen(question, column) ? value : masked(value, shown)];
    }),
  );
}

export const isOpen = (question: string, column: string): boolean =>
  OPEN.has(column) && CLOSED[question]?.includes(column) !== true;

function masked(value: unknown, token: (text: string) => string): unknown {
  if (typeof value === 'string') return TIME.test(value) ? value : token(value);
  if (Array.isArray(value)) return value.map((one) => masked(one, token));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, masked(inner, token)]));
}
