import { queries } from '../../clickhouse/queries/index.ts';
import type { Answer, Asker, Desk } from '../../console/desk.ts';
import { account } from '../account.ts';
import { VERSION } from '../version.ts';
import { EXIT, Failure } from './exit.ts';
import type { Globals } from './globals.ts';
import { jsonLines, type Row, screen, table } from './render.ts';

/** Whoever runs a command: the operating system has checked who that is. */
export const asker: Asker = { id: account(), address: '', userAgent: `trailhouse/${VERSION}` };

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

/** The rows of a named query; a parameter it does not take is a mistake in the command line. */
export async function namedRows(
  desk: Desk,
  name: string,
  params: Readonly<Record<string, string>>,
): Promise<readonly Row[]> {
  const bound = queries.find((query) => query.name === name)?.bind(params);
  if (bound?.ok === false) throw new Failure(bound.reason, EXIT.usage);
  return rowsOf(await desk.named({ name, params, format: 'JSONEachRow' }, asker));
}

/** Rows on stdout: JSON lines, or a table for people. */
export function show(rows: readonly Row[], { json }: Globals): void {
  if (json === true) process.stdout.write(jsonLines(rows));
  else if (rows.length === 0) process.stderr.write('no rows\n');
  else process.stdout.write(table(rows, screen(process.stdout, process.env)));
}
