import { expect, test } from 'vitest';
import { cityHash128 } from '../../../services/console/clickhouse/city-hash.ts';

/** Lengths that take each of its ways; the sums are those of go-faster/city 1.0.1 (CH128), which ch-go checks blocks with. */
test.each([
  [8, '142ef17a9d42a35b b3e73bd675ed1339'],
  [10, 'cc9c2820c4af3ed1 e945289ca45f521b'],
  [15, 'cc9e2b7d5c5f0b11 f000b58a9f78f0aa'],
  [16, '231ccf3b28e29864 d8a74767413f863e'],
  [17, 'f8f374d1b653df80 33fa6c5fe8c69632'],
  [24, 'd1261b07dafe87b8 268a5a1bf290c8d7'],
  [25, '2fc6ef2ce752a25d 14689063eee3506a'],
  [32, '5db36fa1183cc88d b607bb6f1bb92bed'],
  [33, '2998e8e60ef0af9c 3e88bb6a03d6b40b'],
  [127, '2de6149b42a350b6 6ede70e2604f1eda'],
  [128, 'f3c09025c21b4097 2772d78b46e30d08'],
  [143, 'dc1ac19d4de50638 5bb24e7c6f2787e1'],
  [144, '6498fd3c68269471 ad51ebebbe76a62a'],
  [145, '1f42d9cc904cbf52 3c265953fafdb65e'],
  [175, 'da495978691d09a7 bce11b6fbd883b70'],
  [271, '2538b7c749eeb6b8 dff407cbab207930'],
  [272, '59106f3d2cbe2c75 5924019eb7a8b0c1'],
  [300, '9af1f3ec5f73a8a9 feb7fa97629415eb'],
  [1199, 'deb5570c57ff7090 0b864bdc2312caf7'],
])('%i bytes', (length, expected) => {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + length * 13 + index * index) % 251);
  const { low, high } = cityHash128(bytes);
  expect([low, high].map((half) => half.toString(16).padStart(16, '0')).join(' ')).toBe(expected);
});
