import { expect, test } from 'vitest';
import { maskText } from '../../services/privacy/mask.ts';

const BOT = `123456789:AA${'Hk7_q-2x'.repeat(4)}`;

test.each([
  ['an attribute of XML within JSON', '{"x":"<p name=\\"password\\" value=\\"hunter2aB3cD4e\\"/>"}', 'hunter2'],
  ['an attribute of XML', `<p name='password' value='hunter2aB3cD4e'/>`, 'hunter2'],
  ["a bot's token", `curl https://bot.example/${BOT}/send`, 'Hk7_q'],
  ["a bot's token in an address", `value=${BOT.replace(':', '%3A')}`, 'Hk7_q'],
  ['a cookie right behind a token', '_authToken=aB3cD4eF5gH6/Set-Cookie: session=s3cr3tS3ssion', 's3cr3tS3ssion'],
])('%s leaves nothing', (_, text, needle) => {
  const { text: masked, found } = maskText(text);
  expect(masked).not.toContain(needle);
  expect(found.length).toBeGreaterThan(0);
});
