import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { envelope } from '../../../services/formats/envelope/index.ts';
import { event, groups, guardrail } from '../../../services/formats/envelope/schema.ts';

/** The page that developers work from is held to what the reader does. */
const page = readFileSync(new URL('../../../docs/envelope.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => json ?? '');

test.each(examples)('an example is accepted whole', (json) => {
  const verdict = envelope.read(JSON.parse(json));
  expect(verdict).toMatchObject({ kind: 'accepted' });
});

test('there is an example for each surface and for a batch', () => {
  for (const word of ['"web"', '"desktop"', '"cli"', '"api"', '"admin"', '"events"'])
    expect(examples.join()).toContain(word);
});

describe('fields', () => {
  const inGroups = Object.entries(groups).filter(([name]) => name !== 'actor');
  const actor = Object.keys(groups.actor.shape).map((name) => `actor.${name}`);
  const top = Object.keys(event.shape).filter((name) => name !== 'actor');

  test.each([...top, ...actor])('%s has its row', (name) => {
    expect(page).toMatch(new RegExp(`^\\| \`${name}\` \\|`, 'm'));
  });

  test.each([
    ...inGroups.map(([name, { shape }]) => ({ name, shape })),
    { name: 'guardrails', shape: guardrail.shape },
  ])('$name lists what it holds', ({ name, shape }) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    for (const field of Object.keys(shape)) expect(row).toContain(`\`${field}\``);
  });
});

test('the reasons it names are reasons it gives', () => {
  const base = { trailhouse: 1, time: '2026-03-04T09:15:00Z', action: 'llm.request', outcome: 'success' };
  const { trailhouse: _, ...item } = base;
  const faulty = [
    { ...base, action: 'shell.execute' },
    { ...base, actor: { basis: 'idp', team: 'platform' } },
    { ...base, tokens: { prompt: 1, cache_read: 2 } },
    { ...base, requestId: 'req-1' },
    { trailhouse: 1, surface: 'cli', events: [item, { ...item, surface: 'web' }] },
  ];
  for (const message of faulty) {
    const verdict = envelope.read(message);
    expect(verdict.kind).toBe('rejected');
    if (verdict.kind === 'rejected') expect(page).toContain(`\`${verdict.reason}\``);
  }
});
