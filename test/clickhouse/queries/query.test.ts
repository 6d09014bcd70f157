import { expect, test } from 'vitest';
import { configChanges } from '../../../services/clickhouse/queries/config-changes.ts';

test.each(['2026-03-04', '2026-03-04 09:15', '2026-03-04T09:15:00Z', '2026-03-04 09:15:00.250+01:00'])(
  '%s is a time',
  (from) => expect(configChanges.bind({ from })).toMatchObject({ ok: true, params: { from } }),
);

test.each(['yesterday', '01/02/2026', '2026', ''])('%j is none, and the answer shows one', (from) =>
  expect(configChanges.bind({ from })).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/^from is no time: write 20/),
  }),
);
