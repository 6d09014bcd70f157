import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { frameworks } from '../../services/evidence/controls/index.ts';
import { assessmentResults } from '../../services/evidence/oscal.ts';
import { REQUEST } from '../support/evidence.ts';
import { assessmentResultsSchema } from '../support/oscal-schema.ts';

const schema = await assessmentResultsSchema();
if (schema === undefined)
  console.warn('NOT CHECKED against NIST’s JSON schema: its jar cannot be had from Maven Central');

const file = (path: string) => ({ path, bytes: 1, sha256: 'ab'.repeat(32), packed: 'cd'.repeat(32) });

const results = (name: string): string => {
  const framework = frameworks.find((known) => known.name === name);
  if (framework === undefined) throw new Error(`no framework ${name}`);
  const questions = [...new Set(framework.controls.flatMap(({ questions: asked }) => asked))];
  const asked = questions.map((question) => ({
    ...{ question, path: `questions/${question}`, columns: ['one'], rows: 3, neutralised: 0, of_events: false },
  }));
  const files = asked.map(({ path }) => file(`${path}/rows.jsonl`));
  return assessmentResults({ framework, request: { ...REQUEST, framework: name }, version: '0.1.0', asked, files });
};

test.skipIf(schema === undefined).each(frameworks.map(({ name }) => name))('%s fits NIST’s schema', (name) => {
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    formats: { 'date-time': true, uri: true, 'uri-reference': true, email: true },
  });
  const validate = ajv.compile(schema ?? {});
  expect(validate(JSON.parse(results(name))), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
});

test('it observes, finds nothing satisfied, and is the same each time', () => {
  const text = results('soc2');
  expect(text).toBe(results('soc2'));
  expect(text).not.toContain('"findings":');
  expect(text).not.toContain('"satisfied"');
});
