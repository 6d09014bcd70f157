import { queries } from '../../clickhouse/queries/index.ts';
import { readConfig } from '../config.ts';
import { withDesk } from '../open.ts';
import { asker, namedRows, rowsOf, show, taken } from './answers.ts';
import { EXIT, Failure } from './exit.ts';
import type { Globals } from './globals.ts';
import { operating, shown, type Token } from './operators.ts';
import { jsonLines, neutralLines, type Row, screen } from './render.ts';
import { settings } from './settings.ts';
import { story } from './story.ts';

interface Asked extends Token {
  readonly param?: readonly string[];
  readonly format?: string;
}

/** `trailhouse sql` */
export async function sql(globals: Globals, text: string, { param, format, ...by }: Asked): Promise<number> {
  const params = parameters(param);
  const token = await shown(by);
  return withDesk(await settings(globals), async (desk) => {
    if (format !== undefined) {
      written(taken(await desk.select({ sql: text, params, format, token }, asker)));
    } else show(rowsOf(await desk.select({ sql: text, params, format: 'JSONEachRow', token }, asker)), globals);
    return EXIT.ok;
  });
}

/** `trailhouse query`: a named query, or the list of them. */
export async function ask(
  globals: Globals,
  name: string | undefined,
  { param, format, ...by }: Asked,
): Promise<number> {
  if (name === undefined) {
    show(
      queries.map((query) => ({ name: query.name, title: query.title, params: query.usage })),
      globals,
    );
    return EXIT.ok;
  }
  const query = queries.find((known) => known.name === name);
  if (query === undefined)
    throw new Failure(`no query ${name}; there are ${queries.map((known) => known.name).join(', ')}`, EXIT.usage);
  const params = parameters(param);
  const bound = query.bind(params);
  if (!bound.ok) throw new Failure(bound.reason, EXIT.usage);
  const token = await shown(by);
  const answer = await withDesk(await settings(globals), async (desk) =>
    desk.named({ name, params, format: format ?? 'JSONEachRow', token }, asker),
  );
  if (format === undefined) show(rowsOf(answer), globals);
  else written(taken(answer));
  return EXIT.ok;
}

/** What the engine wrote, with nothing in it that a terminal would obey. */
function written(answer: string): void {
  process.stdout.write(process.stdout.isTTY ? neutralLines(answer) : answer);
}

/** `trailhouse timeline` */
export async function timeline(
  globals: Globals,
  given: { readonly session?: string; readonly user?: string; readonly from?: string; readonly to?: string },
): Promise<number> {
  if ((given.session === undefined) === (given.user === undefined))
    throw new Failure('name one of --session ID and --user EMAIL', EXIT.usage);
  const params = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const rows = await named(globals, 'timeline', params);
  if (globals.json === true || rows.length === 0) show(rows, globals);
  else process.stdout.write(story(rows, given.user ?? `session ${given.session}`, screen(process.stdout, process.env)));
  return EXIT.ok;
}

/** `trailhouse access-review [--from TIME] [--to TIME]`: who asked the trail, was shown what it keeps, or acted on it. */
export async function accessReview(
  globals: Globals,
  { from, to }: { readonly from?: string; readonly to?: string },
): Promise<number> {
  const params = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  show(await named(globals, 'access-reviews', params), globals);
  return EXIT.ok;
}

export async function quarantineList(globals: Globals): Promise<number> {
  show(await named(globals, 'quarantine', {}), globals);
  return EXIT.ok;
}

/** The bytes on stdout as they came; they are hostile until proven otherwise, so never onto a terminal by default. */
export async function quarantineShow(globals: Globals, id: string, given: Token): Promise<number> {
  return operating(globals, given, async (desk, token) => {
    const bytes = Buffer.from(taken(await desk.quarantined(id, token, asker)), 'base64');
    if (globals.json === true) process.stdout.write(jsonLines([{ id, base64: bytes.toString('base64') }]));
    else if (process.stdout.isTTY) process.stdout.write(jsonLines([{ id, text: bytes.toString('latin1') }]));
    else process.stdout.write(bytes);
    return EXIT.ok;
  });
}

export async function quarantineRetry(globals: Globals, id: string, given: Token): Promise<number> {
  return operating(globals, given, async (desk, token) => {
    const place = taken(await desk.retry(id, token, asker)).trim();
    process.stdout.write(globals.json === true ? jsonLines([{ id, place }]) : `sent again as ${place}\n`);
    return EXIT.ok;
  });
}

function named(globals: Globals, name: string, params: Readonly<Record<string, string>>): Promise<readonly Row[]> {
  return withDesk(readConfig(globals.config, process.env), (desk) => namedRows(desk, name, params));
}

function parameters(given: readonly string[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (given ?? []).map((text) => {
      const equals = text.indexOf('=');
      if (equals < 1) throw new Failure(`--param ${text}: write name=value`, EXIT.usage);
      return [text.slice(0, equals), text.slice(equals + 1)];
    }),
  );
}
