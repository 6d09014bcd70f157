import { expect, test } from 'vitest';
import { metadataOf } from '../../services/log/commit-metadata.ts';

test('metadata is measured in bytes, as Kafka does', () => {
  expect(metadataOf(undefined)).toBe('');
  expect(metadataOf({ metadata: 'é'.repeat(2_048) })).toHaveLength(2_048);
  expect(() => metadataOf({ metadata: 'é'.repeat(2_049) })).toThrow(RangeError);
});
