import { expect, test } from 'vitest';
import { nodesOf, partialTiles, tilePath, tileWidth } from '../../services/ledger/tiles.ts';
import { growTiles } from './leaves.ts';

test('paths are those of the specification', () => {
  expect(tilePath({ level: 0, index: 0, width: 256 })).toBe('tile/0/000');
  expect(tilePath({ level: 3, index: 1_234_067, width: 256 })).toBe('tile/3/x001/x234/067');
  expect(tilePath({ level: 0, index: 273, width: 112 })).toBe('tile/0/273.p/112');
  expect(tilePath({ level: 1, index: 1_000_000, width: 1 })).toBe('tile/1/x001/x000/000.p/1');
});

test('a tree of 70,000 has the tiles of the specification’s example', () => {
  expect(partialTiles(70_000)).toEqual([
    { level: 0, index: 273, width: 112 },
    { level: 1, index: 1, width: 17 },
    { level: 2, index: 0, width: 1 },
  ]);
  expect([tileWidth(0, 272, 70_000), tileWidth(1, 0, 70_000), tileWidth(0, 274, 70_000)]).toEqual([256, 256, 0]);
  expect(partialTiles(256)).toEqual([{ level: 1, index: 0, width: 1 }]);
  expect(partialTiles(0)).toEqual([]);
});

test('a tile that holds too little is named', async () => {
  const short = nodesOf(async () => Buffer.alloc(32), 5);
  await expect(short(0, 3)).rejects.toThrow('tile/0/000.p/5 holds fewer than 5 hashes');
  await expect(nodesOf(growTiles(5).tiles, 5)(0, 5)).rejects.toThrow('node 0/5 is not in a tree of 5');
});
