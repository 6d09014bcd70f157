import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCarriage } from '../../../services/core/carriage.ts';
import type { Headers } from '../../../services/core/log.ts';
import { Headings } from '../../../services/processes/export/heading.ts';

/** The slow twin: the header read by those who write it. */
function plainly(headers: Headers): unknown {
  const carriage = readCarriage(headers);
  const [entry, ...more] = carriage?.entries ?? [];
  if (carriage === undefined || entry === undefined || more.length > 0) return undefined;
  return { lineage: carriage.lineage, mark: { offset: entry.offset, ordinal: entry.ordinal } };
}

const part = fc.oneof(
  fc.nat().map(String),
  fc.maxSafeInteger().map(String),
  fc.constantFrom('', '0', '007', '1e3', '0x1f', ' 1', '1.0', '-0', '9007199254740993', '99999999999999999999', 'ä'),
);
const index = fc.oneof(
  fc.tuple(fc.nat(), fc.nat(99), fc.nat(99), fc.nat(9_999)).map((numbers) => `${numbers.join(':')}:soc2/20260615`),
  fc.array(part, { maxLength: 7 }).map((parts) => parts.join(':')),
  fc.array(part, { minLength: 5, maxLength: 5 }).map((parts) => parts.join(':')),
  fc.constantFrom('1:0:1:9:a/1 2:0:1:9:a/1', '1:0:1:9:', '1:0:1:9: ', '1:0:1:9'),
);
const origin = fc.constantFrom('0/raw/0', '0/raw/1', '1/größe/0', '');

test('reads what the carriage reads, one record after the other', () => {
  const headings = new Headings();
  fc.assert(
    fc.property(fc.option(origin, { nil: undefined }), fc.option(index, { nil: undefined, freq: 9 }), (from, at) => {
      const headers = {
        ...(from === undefined ? {} : { origin: Buffer.from(from) }),
        ...(at === undefined ? {} : { index: Buffer.from(at) }),
      };
      expect(headings.read(headers)).toEqual(plainly(headers));
    }),
    { numRuns: 1_000 },
  );
});
