import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskValue } from '../../services/privacy/value.ts';
import { run, TOKENS } from './credentials.ts';

const secret = run(32);
const [token = '', other = ''] = TOKENS;

describe('under a key that names a credential', () => {
  test.each([
    ['authorization', 'Bearer abc', 'authorization'],
    ['Authorization', secret, 'authorization'],
    ['cookie', 'a=b; c=d', 'cookie'],
    ['x-api-key', secret, 'key'],
    ['api_key', 'short', 'key'],
    ['apikey', secret, 'key'],
    ['password', 'correct horse battery staple', 'password'],
    ['userPassword', 'swordfish', 'password'],
    ['client_secret', 'any words at all', 'secret'],
    ['private_key', secret, 'key'],
    ['access_token', secret, 'token'],
    ['refreshToken', secret, 'token'],
    ['token', secret, 'token'],
    ['http.request.header.authorization', 'Basic abc', 'authorization'],
  ])('%s', (key, value, kind) => {
    expect(maskValue({ [key]: value, other: 'x' })).toEqual({
      value: { [key]: `[masked:${kind}]`, other: 'x' },
      found: [kind],
    });
  });

  test('every string of a list', () => {
    expect(maskValue({ 'set-cookie': ['a=1; Path=/', 'b=2; Path=/'] }).value).toEqual({
      'set-cookie': ['[masked:cookie]', '[masked:cookie]'],
    });
  });

  test('digits of a password', () => {
    expect(maskValue({ password: 123456 })).toEqual({ value: { password: '[masked:password]' }, found: ['password'] });
  });

  test('pairs of name and value', () => {
    expect(maskValue([{ name: 'API_KEY', value: 'short' }]).value).toEqual([
      { name: 'API_KEY', value: '[masked:key]' },
    ]);
    expect(maskValue({ key: 'db.password', value: { stringValue: 'swordfish' } }).value).toEqual({
      key: 'db.password',
      value: { stringValue: '[masked:password]' },
    });
  });
});

describe('leaves alone', () => {
  test.each([
    { max_tokens: 4096, usage: { input_tokens: 1, output_tokens: 2 }, token: 42, token_count: '7' },
    { token: true, password: null, secret: false, api_key: '' },
    { type: 'object', properties: { password: { type: 'string', description: 'The password to use' } } },
    { required: ['password', 'token'] },
    { password: '[masked:password]', authorization: 'Bearer [masked:authorization]' },
    { password: '********', token: '$TOKEN', api_key_id: 'apikey_01AbCd', nextPageToken: secret },
    { key: 'service.name', value: { stringValue: 'a b c' } },
    [1, 'two', null, { three: [4] }],
  ])('%j', (value) => {
    const masked = maskValue(value);
    expect(masked.found).toEqual([]);
    expect(masked.value).toBe(value);
  });
});

test('masks keys, and numbers those that become alike', () => {
  expect(maskValue({ [token]: 1, [other]: 2 }).value).toEqual({ '[masked:aws-key]': 1, '[masked:aws-key]#2': 2 });
});

test('keeps a key named __proto__', () => {
  const value: unknown = JSON.parse(`{"__proto__": {"password": "swordfish"}}`);
  expect(JSON.stringify(maskValue(value).value)).toBe('{"__proto__":{"password":"[masked:password]"}}');
});

test('changes nothing it is given, and settles', () => {
  const leaf = fc.oneof(fc.string(), fc.constantFrom(...TOKENS, 'swordfish'), fc.integer());
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('tree')), fc.dictionary(name, tie('tree'))),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const before = JSON.stringify(value);
      const masked = maskValue(value);
      expect(JSON.stringify(value)).toBe(before);
      if (masked.found.length === 0) expect(masked.value).toBe(value);
      for (const each of TOKENS) expect(JSON.stringify(masked.value)).not.toContain(each);
      expect(maskValue(masked.value).found).toEqual([]);
    }),
  );
});

const name = fc.oneof(
  fc.string(),
  fc.constantFrom('password', 'token', 'name', 'key', 'value', 'authorization', ...TOKENS),
);
