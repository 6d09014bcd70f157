import { expect, test } from 'vitest';
import { split } from '../../services/core/leaves.ts';

const message = {
  id: 'e1',
  user: { email: 'a@b.example', plan: 'team' },
  prompt: 'write a poem',
  tags: ['x', 'y'],
  nested: { deep: { kept: 1, text: 'free' }, flag: true },
  nothing: { a: null, b: '', c: [], d: {} },
  'session.id': 's1',
  list: [
    { kind: 'k1', note: 'n1' },
    { kind: 'k2', note: 'n2' },
  ],
};

test('every leaf goes to exactly one place', () => {
  const leaves = {
    columns: ['id', '[session.id]'],
    safe: ['user.plan', 'tags', 'nested.deep.kept', 'nested.flag', 'list.*.kind'],
    personal: ['user.email'],
  };
  expect(split(message, leaves)).toEqual({
    attributes: {
      'user.plan': 'team',
      tags: '["x","y"]',
      'nested.deep.kept': '1',
      'nested.flag': 'true',
      'list.0.kind': 'k1',
      'list.1.kind': 'k2',
    },
    personal_attributes: { 'user.email': 'a@b.example' },
    content: {
      prompt: 'write a poem',
      nested: { deep: { text: 'free' } },
      nothing: { a: null, b: '', c: [], d: {} },
      list: [{ note: 'n1' }, { note: 'n2' }],
    },
  });
});

test('what nobody named is content', () => {
  expect(split(message, { columns: [], safe: [] }).content).toEqual(message);
});

test('** takes all below, leaf by leaf, and a nearer path wins', () => {
  const { attributes, content } = split(message, { columns: ['nested.deep.text'], safe: ['nested.**'] });
  expect(attributes).toEqual({ 'nested.deep.kept': '1', 'nested.flag': 'true' });
  expect(content).not.toHaveProperty('nested');
});

test('a message whose leaves are all taken leaves no content', () => {
  expect(split({ a: 1, b: null }, { columns: ['a'], safe: [] }).content).toBeUndefined();
});

test('two leaves of one message never share an attribute', () => {
  const { attributes } = split({ a: { b: 'x' }, 'a.b': 'y' }, { columns: [], safe: ['a.b', '[a.b]'] });
  expect(Object.values(attributes).sort()).toEqual(['x', 'y']);
});
