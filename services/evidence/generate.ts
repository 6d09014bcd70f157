import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

/**
 * Writes generated/verify.mjs, the verifier as bundles carry it and any Node runs it: verify.ts and what it imports from this room, as
 * one file without types. `--check` only compares. A build reads what stands there, so that none strips types anew.
 */

const target = new URL('generated/verify.mjs', import.meta.url);
const IMPORT = /^import (type )?\{([^}]*)\} from '([^']+)';\n/gm;
/** Where npm links it: whoever calls need not have it on the path. */
const BIOME = new URL('../../node_modules/.bin/biome', import.meta.url).pathname;
const packages = new Map<string, Set<string>>();
const taken = new Set<string>();

/** Each file once, behind those that it imports. */
function collect(text: string): string {
  let before = '';
  const own = text.replaceAll(IMPORT, (_, type: string | undefined, list: string, from: string) => {
    const names = list.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));
    if (!from.startsWith('./')) packages.set(from, new Set([...(packages.get(from) ?? []), ...names]));
    else if (type === undefined && !taken.has(from)) {
      taken.add(from);
      before += collect(readFileSync(new URL(from, import.meta.url), 'utf8')).replaceAll(/^export /gm, '');
    }
    return '';
  });
  return `${before}${stripTypeScriptTypes(own)}`;
}

const source = readFileSync(new URL('verify.ts', import.meta.url), 'utf8');
const [head = ''] = /^(?:(?:#!|\/\/).*\n)*/.exec(source) ?? [];
const body = collect(source.slice(head.length));
const imports = [...packages]
  .sort()
  .map(([from, names]) => `import { ${[...names].sort().join(', ')} } from '${from}';\n`);
// Without types lines are shorter: a wider page keeps the file within what one sitting reads.
const how = ['format', '--stdin-file-path=verify.mjs', '--line-width=160', '--expand=never'];
const formatted = execFileSync(BIOME, how, { input: `${head}${imports.join('')}${body}`, encoding: 'utf8' });
// What doc comments say stands in the source and in docs/evidence.md.
const text = formatted.replaceAll(/^\s*\n/gm, '').replaceAll(/^ *\/\*\*[\s\S]*?\*\/\n/gm, '');

if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  process.stderr.write(`${target.pathname} is out of date: run node services/evidence/generate.ts\n`);
  process.exitCode = 1;
}
