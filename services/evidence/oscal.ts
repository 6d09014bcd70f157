import { hash } from 'node:crypto';
import type { Framework } from './controls/control.ts';
import type { Asked, ListedFile } from './manifest.ts';
import type { Request } from './request.ts';

/** Version of the model (https://pages.nist.gov/OSCAL/reference/). */
const OSCAL_VERSION = '1.1.2';

export interface Assessed {
  readonly framework: Framework;
  readonly request: Request;
  readonly version: string;
  readonly asked: readonly Asked[];
  readonly files: readonly ListedFile[];
}

/**
 * OSCAL assessment results: per question an observation with its rows as evidence, and no finding. A finding has to say
 * `satisfied` or `not-satisfied`, and a log alone shows neither: that is the assessor's to say.
 */
export function assessmentResults({ framework, request, version, asked, files }: Assessed): string {
  const seed = JSON.stringify([request, files.map(({ path, sha256 }) => [path, sha256])]);
  const id = (name: string): string => uuid(`${seed}${name}`);
  const controls = framework.controls.map((control) => ({ 'control-id': controlId(framework, control.id) }));
  const observations = asked.map(({ question, path, rows }) => ({
    uuid: id(`observation ${question}`),
    title: question,
    description: `${rows} rows answer the question ${question}; ${path}/question.json has its words and its SQL.`,
    props: framework.controls
      .filter(({ questions }) => questions.includes(question))
      .map((control) => prop('bears-on', controlId(framework, control.id))),
    methods: ['EXAMINE'],
    collected: request.asked_at,
    'relevant-evidence': [{ href: `#${id(`resource ${path}/rows.jsonl`)}`, description: 'The rows, as JSON lines.' }],
  }));
  const results = [
    {
      uuid: id('result'),
      title: `${framework.title}: what the audit trail shows`,
      description:
        'Observations from the audit trail of AI tools. Whether a control is satisfied is not stated: no log shows it alone.',
      start: request.from,
      end: request.to,
      props: [prop('profile', request.profile)],
      'reviewed-controls': { 'control-selections': [{ 'include-controls': controls }] },
      ...(observations.length === 0 ? {} : { observations }),
    },
  ];
  const metadata = {
    title: framework.title,
    'last-modified': request.asked_at,
    version,
    'oscal-version': OSCAL_VERSION,
  };
  const plan = {
    uuid: id('plan'),
    title: 'No assessment plan',
    description: 'There is none: this was extracted on request.',
  };
  const resources = [plan, ...files.map((file) => resource(id(`resource ${file.path}`), file))];
  const whole = {
    uuid: id('results'),
    metadata,
    'import-ap': { href: `#${plan.uuid}` },
    results,
    'back-matter': { resources },
  };
  return `${JSON.stringify({ 'assessment-results': whole }, null, 2)}\n`;
}

const resource = (id: string, { path, sha256 }: ListedFile): object => ({
  uuid: id,
  title: path,
  rlinks: [{ href: `../${path}`, hashes: [{ algorithm: 'SHA-256', value: sha256 }] }],
});

const prop = (name: string, value: string): object => ({ name, ns: 'https://trailhouse.example/ns/oscal', value });

/** A token of OSCAL begins with a letter. */
const controlId = ({ name }: Framework, id: string): string => `${name}_${id.toLowerCase()}`;

/** A UUID of version 5 in form, from SHA-256: made of what it names, so that the same bundle has the same ids. */
function uuid(name: string): string {
  const digits = hash('sha256', name);
  const parts = [digits.slice(0, 8), digits.slice(8, 12), `5${digits.slice(13, 16)}`, `a${digits.slice(17, 20)}`];
  return [...parts, digits.slice(20, 32)].join('-');
}
