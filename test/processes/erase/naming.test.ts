import { expect, test } from 'vitest';
import { isNamed, naming } from '../../../services/processes/erase/naming.ts';

test('a message names a subject in whichever case, and by no id that is too short to tell', () => {
  const names = naming({ email: 'mara.lind@harbour.example', ids: ['sub-4711', 'u1'] });
  for (const text of ['to Mara.Lind@Harbour.example', 'by SUB-4711']) expect(names.test(text), text).toBe(true);
  for (const text of ['mara_lind@harbour.example', 'by u1', '']) expect(names.test(text), text).toBe(false);
  const composed = naming({ email: 'jos\u00e9@harbour.example', ids: [] });
  expect(composed.test('JOSE\u0301@harbour.example'.normalize('NFC'))).toBe(true);
});

test('of a subject of whom nothing telling is known no message is', () =>
  expect(naming({ email: '', ids: ['u1'] }).test('anything')).toBe(false));

test('a ground names a subject by a word of its own, not by letters it happens to hold', () => {
  const who = 'mara.lind@harbour.example';
  for (const text of [`wish of ${who}`, 'wish of Mara.Lind, by letter', '(mara.lind)'])
    expect(isNamed(who, text)).toBe(true);
  expect(isNamed(who, 'GDPR 17(1)(b), samara.linden')).toBe(false);
  expect(isNamed('b@harbour.example', 'GDPR 17(1)(b)')).toBe(false);
  expect(isNamed('b@harbour.example', 'GDPR 17(1)(b), B@harbour.example')).toBe(true);
});
