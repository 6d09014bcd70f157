import { expect, test } from 'vitest';
import { newest, RECORDS, repoSchemas, versions } from '../../services/codec/schemas.ts';

test('schemas are the same objects whenever they are asked for', async () => {
  const schemas = repoSchemas();
  for (const name of RECORDS) {
    const current = await schemas.current(name);
    expect(current).toBe(newest(name));
    expect(await schemas.byId(current.id)).toBe(current);
  }
});

test('the newest version of a record is written, and every one is read', async () => {
  for (const name of RECORDS) {
    const kept = versions().filter((written) => written.name === name);
    expect(newest(name).version).toBe(Math.max(...kept.map(({ version }) => version)));
    for (const written of kept) expect(await repoSchemas().byId(written.id)).toBe(written);
  }
  expect(await repoSchemas().byId(999_999)).toBeUndefined();
});
