import { userInfo } from 'node:os';
import type { Answer, Asker } from '../../console/desk.ts';
import { VERSION } from '../version.ts';
import { Failure } from './exit.ts';
import type { Globals } from './globals.ts';
import { jsonLines, type Row, screen, table } from './render.ts';

/** Whoever runs a command: the operating system has checked who that is. */
export const asker: Asker = { id: userInfo().username, address: '', userAgent: `trailhouse/${VERSION}` };

/** The text of an answer; a refusal or a failure ends the command. */
export function taken(answer: Answer): string {
  if (answer.kind === 'text') return answer.text;
  if (answer.kind === 'refused') throw new Failure(answer.reason);
  throw new Failure(`Code: ${answer.code}. ${answer.message}`);
}

/** The rows of an answer in JSONEachRow. */
export function rowsOf(answer: Answer): readonly Row[] {
  return taken(answer)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Rows on stdout: JSON lines, or a table for people. */
export function show(rows: readonly Row[], { json }: Globals): void {
  if (json === true) process.stdout.write(jsonLines(rows));
  else if (rows.length === 0) process.stderr.write('no rows\n');
  else process.stdout.write(table(rows, screen(process.stdout, process.env)));
}
