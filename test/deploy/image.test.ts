import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, matchesGlob } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { VERSION } from '../../services/processes/version.ts';
import { root, source } from './compose-file.ts';

interface Instruction {
  readonly verb: string;
  readonly words: readonly string[];
}

function instructions(dockerfile: string): readonly Instruction[] {
  const lines = dockerfile
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [verb = '', ...words] = line.trim().split(/\s+/);
      return { verb, words };
    });
}

const main = instructions(source('deploy/Dockerfile'));
const of = (verb: string): readonly (readonly string[])[] =>
  main.filter((each) => each.verb === verb).map(({ words }) => words);

/** What COPY takes from the checkout: the last word is where it goes. */
const copied = of('COPY')
  .filter(([first = '']) => !first.startsWith('--from'))
  .flatMap((words) => words.slice(0, -1));
const removed = of('RUN')
  .flat()
  .filter((word) => word.startsWith('node_modules/'))
  .map((path) => path.slice('node_modules/'.length));

describe.each(['deploy/Dockerfile', 'deploy/grafana/Dockerfile'])('%s', (file) => {
  const all = instructions(source(file));

  test('begins from pinned images', () => {
    const bases = all.filter(({ verb }) => verb === 'FROM').map(({ words }) => words[0]);
    // Distroless has tags for a kind of user, none for a version.
    for (const base of bases) expect(base).toMatch(/:\d+\.\d+\.\d+(-[\w-]+)?$|\/distroless\/\w+-debian13:nonroot$/);
  });

  test('ends as a user that is not root', () => {
    const users = all.filter(({ verb }) => verb === 'USER').map(({ words }) => words[0]);
    expect(users.at(-1)).toMatch(/^[1-9]\d*:\d+$/);
  });
});

test('what it copies is there, and its labels name this version', () => {
  for (const path of copied) expect(existsSync(new URL(path, root)), path).toBe(true);
  expect(of('LABEL').flat()).toContain(`org.opencontainers.image.version="${VERSION}"`);
});

test('the build context holds what it copies and nothing else', () => {
  const rules = source('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(rules[0]).toBe('*');
  expect(rules.slice(1).sort()).toEqual(copied.map((path) => `!${path}`).sort());
});

test('leaves the embedded engine and the npm package `node` out', () => {
  const kept = readdirSync(new URL('node_modules/', root)).filter((name) => !removed.includes(name));
  expect(kept.filter((name) => matchesGlob(name, '{node,*chdb*}'))).toEqual([]);
  expect(kept).toEqual(expect.arrayContaining(['snappy', 'lz4-napi', '@napi-rs', '@antoniomuso']));
});

describe('the files of the image', { timeout: 30_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'trailhouse-image-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  for (const path of copied) cpSync(new URL(path, root), join(folder, path), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  const modules = fileURLToPath(new URL('node_modules', root));
  for (const name of readdirSync(modules))
    if (!removed.includes(name)) symlinkSync(join(modules, name), join(folder, 'node_modules', name));

  const run = (...words: readonly string[]): string => {
    const [, entry = ''] = JSON.parse(of('ENTRYPOINT').flat().join(' '));
    const cli = join(folder, entry.replace(/^\/app\//, ''));
    return execFileSync(process.execPath, [cli, ...words], { encoding: 'utf8', cwd: folder });
  };

  test('start without the embedded engine', () => expect(run('--version')).toBe(`${VERSION}\n`));

  test('read a message', () => {
    const sample = fileURLToPath(new URL('test/golden/litellm/batch.in.json', root));
    expect(run('--json', 'try', sample)).toContain('"accepted"');
  });
});
