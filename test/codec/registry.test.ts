import { expect, test } from 'vitest';
import { registrySchemas } from '../../services/codec/registry.ts';
import { newest } from '../../services/codec/schemas.ts';

const config = { url: 'http://registry.example:8081', username: 'trailhouse', password: 'p', timeoutMs: 1_000 };

/** A registry that speaks Confluent's API, as far as a client asks. */
function registry(stored: Readonly<Record<number, string>>, status = 200) {
  const asked: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const path = new URL(String(input)).pathname;
    asked.push(`${init?.method} ${path} ${new Headers(init?.headers).get('authorization')}`);
    if (status !== 200) return new Response('{}', { status });
    if (path.startsWith('/subjects/')) return Response.json({ id: 71 });
    const schema = stored[Number(path.split('/').at(-1))];
    return schema === undefined ? new Response('{}', { status: 404 }) : Response.json({ schema });
  };
  return { asked, schemas: registrySchemas(config, fetch) };
}

test('a record is registered under its topic, once, and written with the id the registry gave', async () => {
  const { asked, schemas } = registry({});
  expect(await schemas.current('audit-event')).toEqual({ ...newest('audit-event'), id: 71 });
  await schemas.current('audit-event');
  expect(asked).toEqual(['POST /subjects/audit.events-value/versions Basic dHJhaWxob3VzZTpw']);
});

test('an id is told by the schema behind it, however the registry spaces it', async () => {
  const pretty = JSON.stringify(JSON.parse(newest('audit-content').json), null, 4);
  const { asked, schemas } = registry({ 9: pretty });
  expect(await schemas.byId(9)).toEqual({ ...newest('audit-content'), id: 9 });
  await schemas.byId(9);
  expect(asked).toHaveLength(1);
});

test.each([
  ['an unknown id', 404, undefined],
  ["somebody else's schema", 5, '{"type":"record","name":"Order","fields":[]}'],
  ['what is no schema', 6, 'nonsense'],
])('%s is not one of ours', async (_, id, schema) => {
  const { schemas } = registry(schema === undefined ? {} : { [id]: schema });
  expect(await schemas.byId(id)).toBeUndefined();
});

test('a registry that cannot answer is an error, never an unknown schema', async () => {
  const { schemas } = registry({}, 500);
  await expect(schemas.byId(1)).rejects.toThrow('HTTP 500');
  await expect(schemas.current('audit-event')).rejects.toThrow('HTTP 500');
});
