import { newest } from '../codec/schemas.ts';
import { nearest } from '../core/nearest.ts';
import { columnsOf } from './columns.ts';
import type { ClickHouseFailure } from './failure.ts';

const COLUMNS = columnsOf(newest('audit-event').json).map(({ name }) => name);

/** ClickHouse's codes for what whoever writes a condition gets wrong. */
const UNKNOWN_IDENTIFIER = 47;
const UNKNOWN_FUNCTION = 46;
const NO_COMMON_TYPE = 386;
const SYNTAX_ERROR = 62;

/** Why a condition over `audit.trail` cannot be asked, for whoever wrote it: without the statement that it was put into. */
export function plainWords({ code, message }: ClickHouseFailure): string {
  const [, word = ''] = /`([^`]{1,80})`/.exec(message) ?? [];
  switch (code) {
    case UNKNOWN_IDENTIFIER:
      return `audit.trail has no column ${word}${meant(word)}; \`trailhouse sql 'SELECT * FROM audit.trail LIMIT 1'\` shows them all`;
    case UNKNOWN_FUNCTION:
      return `there is no function ${word}`;
    case NO_COMMON_TYPE:
      return 'a text is compared with a number: put the value into single quotes';
    case SYNTAX_ERROR:
      return 'the condition is not finished or misspelt: write it as after WHERE in SQL';
    default:
      return (message.split(SURROUNDINGS)[0] ?? message).slice(0, 400);
  }
}

/** From here on the engine quotes what surrounds the condition. */
const SURROUNDINGS = /[:.]? (?:[Ii]n scope SELECT|[Ww]hile executing)/;

function meant(word: string): string {
  const near = nearest(word, COLUMNS);
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}
