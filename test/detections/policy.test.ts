import { expect, test } from 'vitest';
import { anyOf } from '../../services/detections/policy.ts';

test.each([
  ['claude-*', '(?i)^(?:claude\\-.*)$'],
  ['a|b)(\\Q', '(?i)^(?:a\\|b\\)\\(\\\\Q)$'],
  // RE2 refuses a backslash before what is not ASCII.
  ['modèle-😀', '(?i)^(?:modèle\\-😀)$'],
])('%s means itself, but for its stars', (pattern, expression) => {
  expect(anyOf([pattern])).toBe(expression);
});
