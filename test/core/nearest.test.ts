import { expect, test } from 'vitest';
import { nearest } from '../../services/core/nearest.ts';

test.each([
  ['sesion_id', 'session_id'],
  ['Session_ID', 'session_id'],
  ['actro_email', 'actor_email'],
  ['wholly_other', undefined],
  ['', undefined],
])('%j is taken for %j', (given, wanted) => {
  expect(nearest(given, ['event_id', 'session_id', 'actor_email'])).toBe(wanted);
});
