import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Desk, HoldOrder } from '../../console/desk.ts';
import { type Certificate, open } from '../../retention/certificate.ts';
import { FRAMEWORKS, isFramework } from '../../retention/frameworks.ts';
import { inWords } from '../../retention/period.ts';
import { rangesFile } from '../../retention/ranges.ts';
import { retentionWarnings } from '../../retention/warnings.ts';
import { readConfig } from '../config.ts';
import { withDesk } from '../open.ts';
import { writeKeyPair } from '../retain/key.ts';
import { asker, namedRows, rowsOf, show } from './answers.ts';
import { EXIT, Failure } from './exit.ts';
import type { Globals } from './globals.ts';
import { actAs, type Token } from './operators.ts';
import { jsonLines, type Row } from './render.ts';
import { settings } from './settings.ts';

/** `trailhouse retention frameworks`: what may oblige to keep an event, and where that is written. */
export async function frameworks(globals: Globals): Promise<number> {
  const { gdpr } = (await settings(globals)).retention;
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
  const config = await settings(globals);
  for (const warning of retentionWarnings(config.retention)) process.stderr.write(`${warning}\n`);
  const params = limit === undefined ? {} : { limit };
  const { rows, atWork, stopped } = await withDesk(config, async (desk) => ({
    rows: await namedRows(desk, 'retention-plan', params),
    atWork: await asked(desk, AT_WORK),
    stopped: await asked(desk, STOPPED),
  }));
  show(rows, globals);
  for (const { owner, said_at } of atWork)
    process.stderr.write(`${owner} was at work at ${said_at} UTC: while it is, no other process deletes\n`);
  if (atWork.length === 0)
    process.stderr.write('no `retain` role has run on this store: nothing is deleted until one does\n');
  for (const { why, looked_at } of stopped) process.stderr.write(`nothing is deleted since ${looked_at} UTC: ${why}\n`);
  return EXIT.ok;
}

const AT_WORK = 'SELECT owner, said_at FROM audit.retaining';
const STOPPED = "SELECT looked_at, why FROM audit.waiting WHERE stored_in = ''";

const asked = async (desk: Desk, sql: string): Promise<readonly Row[]> =>
  rowsOf(await desk.select({ sql, params: {}, format: 'JSONEachRow' }, asker));

/** `trailhouse retention explain EVENT`: class, deadline, frameworks with citations, holds and corrections. */
export async function explain(globals: Globals, event: string): Promise<number> {
  if (!UUID.test(event)) throw new Failure(`${event.slice(0, 40)} is no event id`, EXIT.usage);
  const config = readConfig(globals.config, process.env);
  const whole = await withDesk(config, async (desk) => {
    const [found] = await namedRows(desk, 'retention-of', { event });
    if (found === undefined) throw new Failure(`no stored event has the id ${event.slice(0, 40)}, or its time has run`);
    const inForce = (await namedRows(desk, 'holds', {})).filter(({ active }) => active === 1 || active === true);
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

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

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

/** `trailhouse retention holds` */
export async function holds(globals: Globals): Promise<number> {
  show(await withDesk(readConfig(globals.config, process.env), (desk) => namedRows(desk, 'holds', {})), globals);
  return EXIT.ok;
}

/** `trailhouse retention hold --where … --reason …` */
export async function placeHold(
  globals: Globals,
  given: Token &
    Pick<HoldOrder & { order: 'place' }, 'where' | 'reason'> &
    Partial<Record<'from' | 'to' | 'quarantine', string>>,
): Promise<number> {
  const { where, reason, from = '', to = '', quarantine = '' } = given;
  const id = await ordered(globals, given, { order: 'place', where, reason, from, to, quarantine });
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

/** `trailhouse retention verify CERTIFICATE --key PUB`: needs nothing but the two files, and the list beside where it is there. */
export async function verifyCertificate(
  globals: Globals,
  file: string,
  { key }: { readonly key: string },
): Promise<number> {
  const opened = open(await text(file), await text(key));
  if (opened.kind === 'refused') throw new Failure(`${file}: ${opened.reason}`);
  const { certificate, digest, keyid } = opened;
  const list = await rangesBeside(file, certificate);
  if (globals.json === true) process.stdout.write(jsonLines([{ ...certificate, digest, keyid, list }]));
  else {
    const { lineages, frameworks: cited, ...plain } = certificate;
    const citations = cited.map(({ name, citation }) => `${name}: ${citation}`);
    show([{ ...plain, frameworks: citations, digest, keyid, list }], globals);
    show(lineages, globals);
  }
  return EXIT.ok;
}

/** What the list of accounting ranges beside a certificate is worth; a list that is not the one it names ends the command. */
async function rangesBeside(file: string, { certificate, ranges }: Certificate): Promise<string> {
  if (ranges === null) return 'none';
  const path = join(dirname(file), rangesFile(certificate));
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return `${path} is not there`;
    throw new Failure(`${path}: cannot be read`, EXIT.usage);
  }
  if (hash.digest('hex') !== ranges.sha256) throw new Failure(`${path}: is not the list that the certificate names`);
  return `${path} is the list that it names`;
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
