import { parseArgs } from 'node:util';
import { exact } from './exact.ts';
import { write } from './figures.ts';

/**
 * `npm run prove [-- PART] [--json]`: the long runs, one part or all. Each part's table goes to docs/figures.md; with
 * `--json` its figures go to stdout. Exit code 1 when a promise was broken.
 */
const parts = { exact } as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, kills: { type: 'string', default: '200' } },
});
const wanted = positionals.length > 0 ? positionals : Object.keys(parts);

for (const name of wanted) {
  if (name !== 'exact') {
    process.stderr.write(`no part ${name}; there are ${Object.keys(parts).join(', ')}\n`);
    process.exit(2);
  }
  const figures = await parts[name](Number(values.kills));
  write(name, figures.title, figures.table);
  if (values.json) process.stdout.write(`${JSON.stringify(figures.json)}\n`);
  if (!figures.held) process.exitCode = 1;
}
process.exit();
