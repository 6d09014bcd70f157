import { expect, test } from 'vitest';
import { alike } from '../../../services/processes/questions/alike.ts';

const MINUTE = 1_767_571_200;

test.each([
  [`SELECT * FROM t WHERE a >= toDateTime(${MINUTE + 1})`, `SELECT * FROM t WHERE a >= toDateTime(${MINUTE + 59})`],
  [`a >= fromUnixTimestamp64Milli(${MINUTE}000)`, `a >= fromUnixTimestamp64Milli(${MINUTE}999)`],
  [`a < toDateTime64('${MINUTE}.5', 3)`, `a < toDateTime64('${MINUTE + 30}.25', 3)`],
])('%j is asked again as %j', (one, other) => expect(alike(one)).toBe(alike(other)));

test.each([
  [`a >= toDateTime(${MINUTE})`, `a >= toDateTime(${MINUTE + 60})`],
  [`a = ${MINUTE}`, `a = ${MINUTE + 1}`],
  [`toDateTime(${MINUTE}) AND b = 'x'`, `toDateTime(${MINUTE}) AND b = 'y'`],
  [`toDateTime(${MINUTE}1)`, `toDateTime(${MINUTE}2)`],
])('%j and %j differ', (one, other) => expect(alike(one)).not.toBe(alike(other)));
