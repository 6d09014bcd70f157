import { expect, test } from 'vitest';
import { type Certificate, open, seal } from '../../services/retention/certificate.ts';
import { newKey, readSigningKey } from '../../services/retention/signing.ts';

const said: Certificate = {
  certificate: '7f1f6e9e-5d0f-4f35-9a4f-0c7c6bd0a111',
  stored_in: 'events',
  retention_class: 'soc2',
  bucket: '2026-01-01',
  rows: 2,
  kept: 1,
  first_at: '2026-01-01T08:00:00.000000Z',
  last_at: '2026-01-01T09:00:00.000000Z',
  reasons: ['soc2 90 days'],
  frameworks: [{ name: 'soc2', citation: 'TSC' }],
  lineages: [{ epoch: 0, topic: 't', partition: 0, rows: 2, first_offset: 3, last_offset: 9 }],
  ranges: { count: 1, sha256: 'ab' },
  holds_considered: [],
  decided_at: '2026-04-02T00:00:00.000Z',
  measured_gone_at: '2026-04-02T00:00:01.000Z',
  version: '0',
};
const { privatePem, publicPem } = newKey();
const sealed = seal(said, readSigningKey(privatePem));

test('opens with the public key', () => {
  expect(open(sealed, publicPem)).toMatchObject({ kind: 'genuine', certificate: said });
});

test.each([
  ['another key', sealed, newKey().publicPem, /not signed by key/],
  ['another payload', sealed.replace(/"payload": "./, '"payload": "f'), publicPem, /was changed/],
  ['no certificate', '{}', publicPem, /no signed document/],
  ['no JSON', 'x', publicPem, /no signed document/],
  ['no key', sealed, 'x', /no public Ed25519 key/],
])('%s is refused', (_, text, key, reason) => {
  expect(open(text, key)).toEqual({ kind: 'refused', reason: expect.stringMatching(reason) });
});
