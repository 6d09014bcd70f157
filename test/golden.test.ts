import { describe, expect, test } from 'vitest';
import { formats } from '../services/formats/index.ts';
import { goldens } from './support/goldens.ts';

/** What each format makes of messages in its wire format: the `.out.json` beside a message is the whole verdict. */
describe.each(formats)('$name', (format) => {
  test.each(goldens(format))('$name', async ({ message, expected }) => {
    await expect(`${JSON.stringify(format.read(message), null, 2)}\n`).toMatchFileSnapshot(expected);
  });
});
