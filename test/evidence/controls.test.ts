import { expect, test } from 'vitest';
import { queries } from '../../services/clickhouse/queries/index.ts';
import { frameworks } from '../../services/evidence/controls/index.ts';
import { MEASURES } from '../../services/evidence/controls/measures.ts';

const controls = frameworks.flatMap(({ name, controls: all }) => all.map((control) => ({ name, ...control })));

test.each(controls)('$name $id asks questions that there are, and says what it does not measure', (control) => {
  for (const question of control.questions) {
    expect(Object.keys(MEASURES)).toContain(question);
    expect(queries.map(({ name }) => name)).toContain(question);
  }
  expect(control.unmeasured).toMatch(/^\S.*\.$/);
  expect(control.id).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
});

test('every framework has a control that nothing here measures, and ids that differ', () => {
  for (const { controls: all } of frameworks) {
    expect(all.some(({ questions }) => questions.length === 0)).toBe(true);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  }
});

test('every measure is asked for by some control', () => {
  const asked = new Set(controls.flatMap(({ questions }) => questions));
  expect(Object.keys(MEASURES).filter((name) => !asked.has(name))).toEqual([]);
});
