import { expect, test } from 'vitest';
import { readText } from '../../services/codec/text.ts';

const read = (...bytes: readonly number[]) => readText(Uint8Array.from(bytes));

test('UTF-8 is handed over as it stands', () => {
  expect(readText(Buffer.from('level=info name="Zoë"\n'))).toEqual({ ok: true, value: 'level=info name="Zoë"\n' });
});

test('what is no text is named by its place', () => {
  expect(read()).toEqual({ ok: false, reason: 'message: is empty' });
  expect(read(0x61, 0xc3, 0x28)).toEqual({ ok: false, reason: 'byte 1: is not UTF-8' });
  expect(read(0x61, 0x62, 0x00)).toEqual({ ok: false, reason: 'byte 2: is NUL' });
  expect(read(0x1f, 0x8b, 0x08)).toEqual({ ok: false, reason: 'byte 0: looks like gzip, not text' });
});
