import { expect, test } from 'vitest';
import { maskText } from '../../services/privacy/mask.ts';

/** A slash is of base64's alphabet: behind a credential without padding it was taken for a part of it, and nothing was masked. */
const PASSWORD = ['k7Wq', 'Zt2m', 'XcR9'].join('');
const encoded = (name: string): string => Buffer.from(`${name}:${PASSWORD}`).toString('base64');

test.each(['/export', '/mcp/rpc/1', '/a/b/c/d/e/f/g/h', '/'])('Basic before %s', (path) => {
  for (const name of ['ada', 'adam', 'adams'])
    for (const credential of [encoded(name), encoded(name).replace(/=+$/, '')]) {
      const { text } = maskText(`Basic ${credential}${path}`);
      expect(text).toMatch(/^Basic \[masked:authorization\]/);
      expect(text.length).toBeLessThanOrEqual('Basic [masked:authorization]'.length + path.length);
    }
});

test('a path alone is none', () => {
  const path = 'Basic information/about/services';
  expect(maskText(path).text).toBe(path);
});
