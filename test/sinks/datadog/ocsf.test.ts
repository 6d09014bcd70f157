import { expect, test } from 'vitest';
import { ACTIONS } from '../../../services/core/event.ts';
import { putOcsf } from '../../../services/sinks/datadog/ocsf.ts';
import { event } from '../../support/event.ts';
import { written } from '../written.ts';

const ocsf = (columns: Parameters<typeof event>[0]) =>
  JSON.parse(`{${written((page) => putOcsf(page, event(columns), '')).subarray(1)}}`).ocsf;

/** Of OCSF 1.5: the verbs of each class, and what a class requires beside the base event. */
const CLASSES: Readonly<Record<number, { readonly verbs: readonly number[]; readonly required: readonly string[] }>> = {
  1001: { verbs: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 99], required: ['actor', 'file'] },
  1007: { verbs: [1, 2, 3, 4, 5, 99], required: ['actor', 'process'] },
  2004: { verbs: [1, 2, 3, 99], required: ['finding_info'] },
  3001: { verbs: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 99], required: ['user'] },
  3002: { verbs: [1, 2, 3, 4, 5, 6, 7, 99], required: ['user', 'service'] },
  3004: { verbs: [1, 2, 3, 4, 99], required: ['entity'] },
  6003: { verbs: [1, 2, 3, 4, 99], required: ['actor', 'api', 'src_endpoint'] },
  6006: { verbs: [1, 2, 3, 4, 5, 99], required: ['actor', 'file', 'src_endpoint'] },
};
const BASE = ['activity_id', 'category_uid', 'class_uid', 'metadata', 'severity_id', 'time', 'type_uid'];

test.each(Object.keys(ACTIONS))('%s is an event of its class', (action) => {
  const given = { action, host: 'laptop-17', target: 'a/b', actor_email: 'ada@example.com' };
  const said = ocsf(given);
  const rules = CLASSES[said.class_uid];
  expect(rules?.verbs).toContain(said.activity_id);
  expect(Object.keys(said)).toEqual(expect.arrayContaining([...BASE, ...(rules?.required ?? [])]));
  expect(said.type_uid).toBe(said.class_uid * 100 + said.activity_id);
  expect(said.category_uid).toBe(Number(String(said.class_uid)[0]));
  if (said.activity_id === 99) expect(said.activity_name).toBe(action);
});

test('every action has its own line', () => {
  const unnamed = Object.keys(ACTIONS).filter((action) => ocsf({ action }).activity_name === 'activity.other');
  expect(unnamed).toEqual(['activity.other']);
});

test('an action not yet known is an activity without a word', () => {
  expect(ocsf({ action: 'moon.landing' })).toMatchObject({ type_uid: 600_399, activity_name: 'activity.other' });
});

test.each([
  ['llm.request', 'success', 1, 'Success'],
  ['llm.request', 'denied', 2, 'Failure'],
  ['llm.request', 'unknown', 0, 'Unknown'],
  ['guardrail.fired', 'denied', 1, 'New'],
])('status of %s %s', (action, outcome, status_id, status) => {
  expect(ocsf({ action, outcome })).toMatchObject({ status_id, status });
});

test.each([
  ['user', 1, 'User'],
  ['system', 3, 'System'],
  ['unknown', 0, 'Unknown'],
  ['agent', 99, 'agent'],
])('an actor that is a %s', (actor_kind, type_id, type) => {
  expect(ocsf({ actor_kind }).actor.user).toEqual({ type_id, type });
});

test.each([
  ['/src/a.ts', 'a.ts'],
  ['C:\\src\\b.ts', 'b.ts'],
  ['/src/', '/src/'],
  ['c.ts', 'c.ts'],
])('the name of %s', (path, name) => {
  expect(ocsf({ action: 'file.read', file_paths: [path] }).file).toEqual({ name, path, type_id: 0 });
});
