import { describe, expect, test } from 'vitest';
import { Nodes } from '../../../services/sinks/splunk/nodes.ts';
import { fakeClock } from '../../support/clock.ts';
import { events, ids, receiver, sinkOn } from './rig.ts';

describe('several nodes', () => {
  test('take turns, and each is asked for its own acknowledgements', async () => {
    const nodes = [await receiver(), await receiver()];
    const { deliver } = sinkOn(nodes);
    for (let i = 0; i < 4; i++) expect(await deliver(events(1, i))).toMatchObject({ kind: 'delivered' });
    expect(nodes.map((node) => node.accepted().length)).toEqual([2, 2]);
  });

  test.each([9, 18, 19, 20, 23])('one that answers %i rests, and the other takes over', async (code) => {
    const nodes = [await receiver(), await receiver()];
    nodes[0]?.script({ kind: 'hec', code });
    const { deliver } = sinkOn(nodes);
    expect(await deliver(events(1))).toMatchObject({ kind: 'retry' });
    for (let i = 0; i < 3; i++) expect(await deliver(events(1, i))).toMatchObject({ kind: 'delivered' });
    expect(nodes[0]?.accepted()).toEqual([]);
    expect(ids(nodes[1]?.accepted() ?? [])).toEqual(ids(events(3)));
  });

  test('one that is gone rests, and is tried again later', async () => {
    const nodes = [await receiver(), await receiver()];
    const clock = fakeClock();
    nodes[0]?.script({ kind: 'reset', when: 'before' });
    const { deliver } = sinkOn(nodes, {}, { clock });
    await expect(deliver(events(1))).rejects.toThrow();
    for (let i = 0; i < 2; i++) await deliver(events(1));
    expect(nodes.map((node) => node.accepted().length)).toEqual([0, 2]);
    clock.advance(30_000);
    for (let i = 0; i < 2; i++) await deliver(events(1));
    expect(nodes.map((node) => node.accepted().length)).toEqual([1, 3]);
  });

  test('are still tried when all rest', async () => {
    const nodes = [await receiver(), await receiver()];
    for (const node of nodes) node.script({ kind: 'hec', code: 9 });
    const { deliver } = sinkOn(nodes);
    for (let i = 0; i < 2; i++) expect(await deliver(events(1))).toMatchObject({ kind: 'retry' });
    expect(await deliver(events(1))).toMatchObject({ kind: 'delivered' });
  });

  test('there is at least one', () => expect(() => new Nodes([]).next(new Date())).toThrow(RangeError));
});
