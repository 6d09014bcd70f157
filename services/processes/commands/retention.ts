import { readFile } from 'node:fs/promises';
import type { Desk, HoldOrder } from '../../console/desk.ts';
import { open } from '../../retention/certificate.ts';
import { FRAMEWORKS, isFramework } from '../../retention/frameworks.ts';
import { inWords } from '../../retention/period.ts';
import { retentionWarnings } from '../../retention/warnings.ts';
import { readConfig } from '../config.ts';
import { withDesk } from '../open.ts';
import { writeKeyPair } from '../retain/key.ts';
import { asker, rowsOf, show } from './answers.ts';
import { EXIT, Failure } from './exit.ts';
import type { Globals } from './globals.ts';
import { actAs, type Token } from './operators.ts';
import { jsonLines, type Row } from './render.ts';

/** `trailhouse retention frameworks`: what may oblige to keep an event, and where that is written. */
export async function frameworks(globals: Globals): Promise<number> {
  const { gdpr } = readConfig(globals.config, process.env).retention;
  const bound = gdpr === undefined ? 'as configured' : inWords(gdpr);
  show(
    Object.entries(FRAMEWORKS).map(([name, { bound: kind, period, citation, basis }]) => ({
      name,
      kind,
      period: period === undefined ? bound : inWords(period),
      citation,
      basis,
    })),
    globals,
  );
  return EXIT.ok;
}

/** `trailhouse retention plan`: what leaves next, when and why. Deletes nothing. */
export async function plan(globals: Globals, { limit }: { readonly limit?: string }): Promise<number> {
  const config = readConfig(globals.config, process.env);
  for (const warning of retentionWarnings(config.retention)) process.stderr.write(`${warning}\n`);
  const params = limit === undefined ? {} : { limit };
  show(await withDesk(config, (desk) => named(desk, 'retention-plan', params)), globals);
  return EXIT.ok;
}

/** `trailhouse retention explain EVENT`: class, deadline, frameworks with citations, holds and corrections. */
export async function explain(globals: Globals, event: string): Promise<number> {
  const config = readConfig(globals.config, process.env);
  const whole = await withDesk(config, async (desk) => {
    const [found] = await named(desk, 'retention-of', { event });
    if (found === undefined) throw new Failure(`no stored event has the id ${event.slice(0, 40)}, or its time has run`);
    const inForce = (await named(desk, 'holds', {})).filter(({ active }) => active === 1 || active === true);
    const keeping: string[] = [];
    for (const hold of inForce) if (await isHeld(desk, event, hold)) keeping.push(`${hold.hold}: ${hold.reason}`);
    return { ...found, considered: considered(String(found.retention_class)), held_by: keeping };
  });
  if (globals.json === true) process.stdout.write(jsonLines([whole]));
  else
    show(
      Object.entries(whole).map(([column, value]) => ({ column, value })),
      globals,
    );
  return EXIT.ok;
}

const considered = (retentionClass: string): readonly string[] =>
  retentionClass.split('+').map((name) => (isFramework(name) ? `${name}: ${FRAMEWORKS[name].citation}` : name));

/** The condition is an operator's and passed the gate when it was placed; it passes it here again. */
async function isHeld(desk: Desk, event: string, hold: Row): Promise<boolean> {
  const bound = (name: string) => `parseDateTime64BestEffort({${name}:String}, 6, 'UTC')`;
  const [from, to] = [String(hold.occurred_from), String(hold.occurred_to)];
  const window = [
    ...(from === '' ? [] : [`occurred_at >= ${bound('from')}`]),
    ...(to === '' ? [] : [`occurred_at < ${bound('to')}`]),
  ];
  const sql = `SELECT event_id FROM audit.trail WHERE ${['event_id = {event:UUID}', ...window, `(${hold.condition}\n)`].join(' AND ')}`;
  return rowsOf(await desk.select({ sql, params: { event, from, to }, format: 'JSONEachRow' }, asker)).length > 0;
}

async function named(desk: Desk, name: string, params: Readonly<Record<string, string>>): Promise<readonly Row[]> {
  return rowsOf(await desk.named({ name, params, format: 'JSONEachRow' }, asker));
}

/** `trailhouse retention holds` */
export async function holds(globals: Globals): Promise<number> {
  show(await withDesk(readConfig(globals.config, process.env), (desk) => named(desk, 'holds', {})), globals);
  return EXIT.ok;
}

/** `trailhouse retention hold --where … --reason …` */
export async function placeHold(
  globals: Globals,
  given: Token & { readonly where: string; readonly reason: string; readonly from?: string; readonly to?: string },
): Promise<number> {
  const { where, reason, from = '', to = '' } = given;
  const id = await ordered(globals, given, { order: 'place', where, reason, from, to });
  process.stdout.write(globals.json === true ? jsonLines([{ hold: id }]) : `${id}\n`);
  process.stderr.write(
    'recorded; it takes effect once its act is stored: `trailhouse retention holds` lists it then\n',
  );
  return EXIT.ok;
}

/** `trailhouse retention lift ID --reason …` */
export async function liftHold(
  globals: Globals,
  hold: string,
  given: Token & { readonly reason: string },
): Promise<number> {
  await ordered(globals, given, { order: 'lift', hold, reason: given.reason });
  process.stderr.write('recorded; what it held goes once the act is stored and its own time has run\n');
  return EXIT.ok;
}

async function ordered(globals: Globals, given: Token, order: HoldOrder): Promise<string> {
  return (await actAs(globals, given, (desk, token) => desk.hold(order, token, asker))).trim();
}

/** `trailhouse retention verify CERTIFICATE --key PUB`: needs nothing but the two files. */
export async function verifyCertificate(
  globals: Globals,
  file: string,
  { key }: { readonly key: string },
): Promise<number> {
  const opened = open(await text(file), await text(key));
  if (opened.kind === 'refused') throw new Failure(`${file}: ${opened.reason}`);
  const { certificate, digest, keyid } = opened;
  if (globals.json === true) process.stdout.write(jsonLines([{ ...certificate, digest, keyid }]));
  else {
    const { lineages, frameworks: cited, ...plain } = certificate;
    show([{ ...plain, frameworks: cited.map(({ name, citation }) => `${name}: ${citation}`), digest, keyid }], globals);
    show(
      lineages.map(({ accounts, ...lineage }) => ({ ...lineage, ranges: accounts.length })),
      globals,
    );
  }
  return EXIT.ok;
}

async function text(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new Failure(`${file}: cannot be read`, EXIT.usage);
  });
}

/** `trailhouse retention keygen FILE` */
export async function keygen(_: Globals, file: string): Promise<number> {
  const { publicFile } = await writeKeyPair(file);
  process.stderr.write(`${file}: keep it secret and name it as retention.signing_key; hand out ${publicFile}\n`);
  return EXIT.ok;
}
