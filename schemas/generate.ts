import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { ACTIONS } from '../services/core/event.ts';

/** Writes services/core/records.generated.ts and schemas/README.md from the schemas. `--check` only compares. */

interface Field {
  readonly name: string;
  readonly type: Avro;
  readonly doc: string;
  readonly part?: string;
  readonly by?: string;
  readonly unit?: string;
}
interface Shape {
  readonly type: string;
  readonly name?: string;
  readonly doc?: string;
  readonly logicalType?: string;
  readonly size?: number;
  readonly items?: Avro;
  readonly values?: Avro;
  readonly fields?: readonly Field[];
}
type Avro = string | Shape | readonly Avro[];

const SCALARS: Record<string, string> = {
  string: 'string',
  int: 'number',
  long: 'number',
  double: 'number',
  boolean: 'boolean',
  bytes: 'Uint8Array',
  null: 'null',
};

function typescript(type: Avro): string {
  if (typeof type === 'string') return SCALARS[type] ?? type;
  if (isUnion(type)) return type.map(typescript).reverse().join(' | ');
  if (type.type === 'array' && type.items !== undefined) return `readonly ${typescript(type.items)}[]`;
  if (type.type === 'map' && type.values !== undefined) return `Readonly<Record<string, ${typescript(type.values)}>>`;
  if (type.type === 'fixed') return 'Uint8Array';
  if (type.type === 'record') return type.name ?? '';
  return typescript(type.type);
}

const isUnion = (type: Avro): type is readonly Avro[] => Array.isArray(type);

function interfaces(shape: Shape): string {
  const nested = (shape.fields ?? []).flatMap(({ type }) => records(type)).map(interfaces);
  const lines = (shape.fields ?? []).map(
    ({ name, type, doc }) => `  /** ${doc} */\n  readonly ${name}: ${typescript(type)};`,
  );
  const head = shape.doc === undefined ? '' : `/** ${shape.doc} */\n`;
  return [...nested, `${head}export interface ${shape.name} {\n${lines.join('\n')}\n}`].join('\n\n');
}

function records(type: Avro): Shape[] {
  if (typeof type === 'string') return [];
  if (isUnion(type)) return type.flatMap(records);
  if (type.type === 'record') return [type];
  return type.items === undefined ? [] : records(type.items);
}

function avroName(type: Avro): string {
  if (typeof type === 'string') return type;
  if (isUnion(type)) return type.map(avroName).join(' or ');
  if (type.items !== undefined) return `array of ${avroName(type.items)}`;
  if (type.values !== undefined) return `map of ${avroName(type.values)}`;
  if (type.type === 'fixed') return `fixed(${type.size})`;
  return type.logicalType ?? type.name ?? type.type;
}

function table(shape: Shape): string {
  const rows = (shape.fields ?? []).map(
    ({ name, type, part, by, doc, unit }) =>
      `| \`${name}\` | ${avroName(type)} | ${part ?? ''} | ${by ?? ''} | ${doc}${unit === undefined ? '' : ` (${unit})`} |`,
  );
  const nested = (shape.fields ?? [])
    .flatMap(({ type }) => records(type))
    .map((inner) => `\n### ${inner.name}\n\n${table(inner)}`);
  return ['| field | type | part | filled by | meaning |', '|---|---|---|---|---|', ...rows, ...nested].join('\n');
}

const folder = new URL('.', import.meta.url);
const shapes = globSync('*.avsc', { cwd: folder.pathname })
  .sort()
  .map((name) => ({ file: name, shape: JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Shape }));

const types = `// Generated from schemas/*.avsc by \`npm run generate\`. Do not edit.\n\n${shapes.map(({ shape }) => interfaces(shape)).join('\n\n')}\n`;

const dictionary = `# Data dictionary

Generated from the schemas in this folder by \`npm run generate\`; the schemas are the contract. \`versions/\` keeps every
version, \`registry.json\` gives each its id in the Confluent wire format where no schema registry is configured.

*Part* says who may see a field: \`public\` fields stay for as long as the event does, the \`personal\` part can be erased and
leaves its hash, \`proof\` is what the hashes need. *Filled by* says whether the source or ingest sets it.
Empty strings, empty arrays and nulls mean "not known".

${shapes.map(({ file, shape }) => `## ${shape.name} (\`${basename(file)}\`)\n\n${shape.doc}\n\n${table(shape)}`).join('\n\n')}

## Actions

| action | meaning |
|---|---|
${Object.entries(ACTIONS)
  .map(([name, meaning]) => `| \`${name}\` | ${meaning} |`)
  .join('\n')}
`;

const targets: readonly (readonly [URL, string])[] = [
  [new URL('../services/core/records.generated.ts', folder), types],
  [new URL('README.md', folder), dictionary],
];
const stale = targets.filter(([url, text]) => readOr(url) !== text);
if (process.argv.includes('--check')) {
  for (const [url] of stale) process.stderr.write(`${url.pathname} is out of date: run npm run generate\n`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [url, text] of stale) writeFileSync(url, text);
}

function readOr(url: URL): string {
  try {
    return readFileSync(url, 'utf8');
  } catch {
    return '';
  }
}
