import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { maskRow } from '../../services/evidence/mask.ts';
import { filesOf } from '../prove/proof/zips.ts';
import { built, site, temporary } from '../support/evidence.ts';

const token = (text: string): string => `tok(${text.length})`;
const id = '3f2b8c1e-4d5a-4b6c-8d7e-9f0a1b2c3d4e';

test('an id that a directory made up for a person is as personal as an address', () => {
  const row = { person: id, done_by: id, actor_id: id, target: id, claim: `sub:${id}`, id };
  expect(new Set(Object.values(maskRow('any', row, token)))).toEqual(new Set(['tok(36)', 'tok(40)']));
});

test('in clear, an event of another time is masked all the same', async () => {
  const folder = temporary();
  const { parts, events } = await site(8);
  const read = async () => events.map((one, index) => ({ ...one, isInWindow: index < 5 }));
  const request = { profile: 'full', to: '2026-06-01T05:00:00Z' } as const;
  const zip = await built(join(folder, 'full.zip'), { ...parts, events: { ...parts.events, read } }, request);
  const lines = (await filesOf(zip)).get('events/0.jsonl')?.toString().trimEnd().split('\n') ?? [];
  rmSync(folder, { recursive: true });
  expect(lines.map((line) => /"kind":"(.*?)".*"actor":"(.)/.exec(line)?.slice(1))).toEqual(
    Array.from({ length: 8 }, (_, index) => (index < 5 ? ['row', 'p'] : ['between', 't'])),
  );
  expect(lines.slice(5).join('')).not.toContain('"personal"');
});

test('ids of things and times stay as they are', () => {
  const row = {
    event_id: id,
    hold: id,
    certificate: id,
    certificates: [id],
    erasure: id,
    first_at: '2026-06-01 10:00:00.000001',
  };
  expect(maskRow('any', row, token)).toEqual(row);
  expect(maskRow('any', { hold: 'of Mara Lind' }, token)).toEqual({ hold: 'tok(12)' });
});
