import { describe, expect, test } from 'vitest';
import { privacyConfig } from '../../services/privacy/config.ts';
import { contentPolicy } from '../../services/privacy/policy.ts';

const basis = {
  topic: 'endpoint.events',
  format: 'claude-code-hooks',
  surface: 'claude_code',
  classes: ['phi', 'pii'],
};

describe('the content of an event', () => {
  const { content } = privacyConfig.parse({
    content: {
      rules: [
        { when: { topic: 'mcp.events' }, keep: 'none' },
        { when: { format: 'claude-code-hooks', data_class: 'phi' }, keep: 'sealed' },
        { when: { surface: 'claude_code' }, keep: 'none' },
      ],
    },
  });

  test.each([
    ['the first rule that fits', basis, 'sealed'],
    ['all that a rule names must fit', { ...basis, classes: ['pii'] }, 'none'],
    ['an earlier rule wins', { ...basis, topic: 'mcp.events' }, 'none'],
    ['none fits', { ...basis, surface: '', format: 'x' }, 'masked'],
  ])('%s', (_, of, keep) => expect(contentPolicy(content, of)).toBe(keep));

  test('a rule that names nothing fits everything', () => {
    expect(contentPolicy({ rules: [{ when: {}, keep: 'none' }], default: 'masked' }, basis)).toBe('none');
  });
});

describe('the configuration', () => {
  test('may be empty', () => {
    expect(privacyConfig.parse({})).toEqual({
      off: [],
      national_ids: [],
      phi_terms: [],
      content: { rules: [], default: 'masked' },
    });
  });

  test.each([
    [{ of: [] }, 'of'],
    [{ off: ['aws-key'] }, 'off.0'],
    [{ phi_terms: ['a'] }, 'phi_terms.0'],
    [{ national_ids: [{ name: 'email', template: '999999' }] }, 'national_ids.0.name'],
    [{ national_ids: [{ name: 'api-key', template: '999999' }] }, 'national_ids.0.name'],
    [{ national_ids: [{ name: 'a', template: 'A9A9A9' }] }, 'national_ids.0.template'],
    [{ national_ids: [{ name: 'a', template: '99' }] }, 'national_ids.0.template'],
    [
      {
        national_ids: [
          { name: 'a', template: '99999' },
          { name: 'a', template: '999999' },
        ],
      },
      'national_ids',
    ],
    [{ content: { rules: [{ when: { team: 'a' }, keep: 'none' }] } }, 'content.rules.0.when'],
    [{ content: { default: 'clear' } }, 'content.default'],
  ])('%j is refused at %s', (given, place) => {
    const issues = privacyConfig.safeParse(given).error?.issues ?? [];
    expect(
      issues.map(({ path, code }) => (code === 'unrecognized_keys' && path.length === 0 ? 'of' : path.join('.'))),
    ).toContain(place);
  });
});
