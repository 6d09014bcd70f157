import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import type * as Verifier from '../../../services/evidence/verify.ts';
import { openZip } from '../../../services/evidence/zip-source.ts';

const PYTHON = fileURLToPath(new URL('../../evidence/python/verify.py', import.meta.url));

const module = z.object({ verifyBundle: z.custom<typeof Verifier.verifyBundle>((one) => typeof one === 'function') });
const answer = z.object({
  verdict: z.enum(['genuine', 'altered', 'unreadable']),
  reason: z.string().optional(),
  problems: z.array(z.tuple([z.string(), z.number().nullable(), z.string()])).default([]),
  proof: z.string().nullish(),
});

/** What a verifier says of a file. A place is a file's name, and the line behind a colon where one is at fault. */
export interface Said {
  readonly verdict: 'genuine' | 'altered' | 'unreadable';
  readonly places: readonly string[];
  readonly words: string;
  readonly proof?: string | undefined;
}

export interface Asked {
  readonly key?: string | undefined;
  readonly ledger?: string | undefined;
  readonly proof?: string | undefined;
}

export interface Verifiers {
  /** The verifier that came in a bundle, over a zip that is read where it lies. */
  ours(path: string, asked?: Asked): Promise<Said>;
  /** The one in Python, in one process for all files. */
  python(path: string, asked?: Asked): Promise<Said>;
  close(): Promise<void>;
}

/** `bundle` is any bundle: its own verify.mjs is what judges all of them. */
export async function openVerifiers(bundle: string, folder: string): Promise<Verifiers> {
  const zip = await openZip(bundle);
  const chunks: Buffer[] = [];
  for await (const chunk of zip.stream('verify.mjs')) chunks.push(chunk);
  await zip.close();
  const file = join(folder, 'verify.mjs');
  writeFileSync(file, Buffer.concat(chunks));
  const { verifyBundle } = module.parse(await import(pathToFileURL(file).href));
  const child = spawn('python3', [PYTHON, '--serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ask = asking(child);
  return {
    ours: (path, asked = {}) => judged(verifyBundle, path, asked),
    python: async (path, asked = {}) => {
      const { verdict, reason = '', problems, proof } = answer.parse(JSON.parse(await ask({ path, ...asked })));
      const places = problems.map(([name, row]) => (row === null ? name : `${name}:${row}`));
      const words = problems.map(([, , why]) => why).join('\n');
      return { verdict, places, words: `${reason}${words}`, proof: proof ?? undefined };
    },
    close: async () => {
      child.stdin?.end();
      if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

async function judged(verify: typeof Verifier.verifyBundle, path: string, asked: Asked): Promise<Said> {
  try {
    const zip = await openZip(path);
    try {
      const { verdict, problems, proof } = await verify(zip, asked);
      const places = problems.map(({ file, row }) => (row === undefined ? file : `${file}:${row}`));
      return { verdict, places, words: problems.map(({ reason }) => reason).join('\n'), proof };
    } finally {
      await zip.close();
    }
  } catch (error) {
    return { verdict: 'unreadable', places: [], words: error instanceof Error ? error.message : String(error) };
  }
}

/** One answer a line, in the order of the questions. */
function asking(child: ChildProcess): (question: object) => Promise<string> {
  const waiting: PromiseWithResolvers<string>[] = [];
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('the process has no pipes');
  createInterface({ input: stdout }).on('line', (line) => waiting.shift()?.resolve(line));
  const stopped = () => {
    for (const one of waiting.splice(0)) one.reject(new Error('the Python verifier has stopped'));
  };
  child.once('exit', stopped);
  child.once('error', stopped);
  return (question) => {
    const next = Promise.withResolvers<string>();
    waiting.push(next);
    stdin.write(`${JSON.stringify(question)}\n`);
    return next.promise;
  };
}
