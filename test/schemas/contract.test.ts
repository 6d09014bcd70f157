import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import avro from 'avsc';
import { describe, expect, test } from 'vitest';
import { newest, RECORDS, versions } from '../../services/codec/schemas.ts';

const folder = new URL('../../schemas/', import.meta.url);
const read = (path: string) => JSON.parse(readFileSync(new URL(path, folder), 'utf8'));

test('types and data dictionary are what the schemas generate', () => {
  execFileSync(process.execPath, [new URL('generate.ts', folder).pathname, '--check'], { stdio: 'pipe' });
});

describe.each(RECORDS)('%s', (name) => {
  const kept = versions()
    .filter((written) => written.name === name)
    .sort((a, b) => a.version - b.version);

  test('the current schema is the newest version kept', () => {
    expect(read(`${name}.avsc`)).toEqual(JSON.parse(newest(name).json));
    expect(kept.map(({ version }) => version)).toEqual(kept.map((_, index) => index + 1));
  });

  test('every version reads what every other wrote', () => {
    for (const writer of kept) for (const reader of kept) expect(() => resolve(reader.json, writer.json)).not.toThrow();
  });

  test('every field says what it means', () => {
    for (const field of JSON.parse(newest(name).json).fields) expect(field.doc?.length, field.name).toBeGreaterThan(10);
  });
});

test('the event keeps its parts in one piece each: public, personal, proof', () => {
  const { fields }: { fields: { part: string }[] } = JSON.parse(newest('audit-event').json);
  const parts = fields.map(({ part }) => part).filter((part, index, all) => part !== all[index - 1]);
  expect(parts).toEqual(['public', 'personal', 'proof']);
});

test('the compatibility test would notice a field without a default', () => {
  const schema = JSON.parse(newest('audit-event').json);
  const grown = { ...schema, fields: [...schema.fields, { name: 'added', type: 'string' }] };
  expect(() => resolve(JSON.stringify(grown), JSON.stringify(schema))).toThrow();
});

const resolve = (reader: string, writer: string) =>
  avro.Type.forSchema(JSON.parse(reader)).createResolver(avro.Type.forSchema(JSON.parse(writer)));
