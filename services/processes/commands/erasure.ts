import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { erasedFile, isListed } from '../../retention/erased.ts';
import { type ErasureCertificate, openErasure } from '../../retention/erasure.ts';
import { readConfig } from '../config.ts';
import { ConfigError } from '../config-error.ts';
import { paths, withDesk } from '../open.ts';
import { readFiled } from '../retain/filed.ts';
import { readCertificateKeys } from '../retain/key.ts';
import { asker, rowsOf, show } from './answers.ts';
import { EXIT, Failure } from './exit.ts';
import type { Globals } from './globals.ts';
import { actAs, type Token } from './operators.ts';
import { jsonLines } from './render.ts';
import { settings } from './settings.ts';

/** `trailhouse erase --subject WHO --basis GROUND`: the id of the order. */
export async function orderErasure(
  globals: Globals,
  given: Token & { readonly subject: string; readonly basis?: string; readonly reference?: string },
): Promise<number> {
  const { subject, basis = '', reference = '' } = given;
  const who = subject.startsWith('id:') ? { email: '', id: subject.slice(3) } : { email: subject, id: '' };
  const id = (
    await actAs(globals, given, (desk, token) => desk.erase({ ...who, basis, reference }, token, asker))
  ).trim();
  process.stdout.write(globals.json === true ? jsonLines([{ erasure: id }]) : `${id}\n`);
  process.stderr.write(
    'recorded; the `erase` role carries it out once it is stored: `trailhouse erasures` shows how far it is\n',
  );
  return EXIT.ok;
}

/** `trailhouse erasures` */
export async function erasures(globals: Globals): Promise<number> {
  const rows = await withDesk(readConfig(globals.config, process.env), async (desk) =>
    rowsOf(await desk.named({ name: 'erasures', params: {}, format: 'JSONEachRow' }, asker)),
  );
  show(rows, globals);
  return EXIT.ok;
}

/** `trailhouse erasures verify CERTIFICATE --key PUB`: needs nothing but the two files, and the list beside where it is there. */
export async function verifyErasure(
  globals: Globals,
  file: string,
  { key }: { readonly key: string },
): Promise<number> {
  const opened = openErasure(await text(file), await text(key));
  if (opened.kind === 'refused') throw new Failure(`${file}: ${opened.reason}`);
  const { certificate, digest, keyid } = opened;
  const list = await listBeside(file, certificate);
  if (globals.json === true) process.stdout.write(jsonLines([{ ...certificate, digest, keyid, list }]));
  else {
    const { kept, receivers, topics, ...plain } = certificate;
    show([{ ...plain, digest, keyid, list }], globals);
    for (const found of [kept, receivers, topics]) if (found.length > 0) show(found, globals);
  }
  return EXIT.ok;
}

/** What the list of erased events beside a certificate is worth; a list that is not the one it names ends the command. */
async function listBeside(file: string, { certificate, list }: ErasureCertificate): Promise<string> {
  const path = join(dirname(file), erasedFile(certificate));
  const found = await readFile(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Failure(`${path}: cannot be read`, EXIT.usage);
  });
  if (found === undefined) return `${path} is not there`;
  if (!isListed(found, list)) throw new Failure(`${path}: is not the list that the certificate names`);
  return `${path} is the list that it names`;
}

/** `trailhouse erasures show ORDER`: the certificates of an order, what stays and why, and who else has copies. */
export async function showErasure(globals: Globals, erasure: string): Promise<number> {
  const config = await settings(globals);
  const folder = paths(config).certificates;
  const keys = await readCertificateKeys(config.retention);
  if (keys.length === 0) throw new ConfigError('no key signs certificates: name one as `retention.signing_key`');
  const { erasures: all, refused } = await readFiled(folder, keys);
  const found = all
    .filter((one) => one.erasure === erasure)
    .sort((a, b) => a.carried_out_at.localeCompare(b.carried_out_at));
  for (const reason of refused) process.stderr.write(`certificate that does not count: ${reason}\n`);
  const newest = found.at(-1);
  if (newest === undefined)
    throw new Failure(
      `${folder} has no certificate of order ${erasure.slice(0, 40)}: \`trailhouse erasures\` lists orders`,
    );
  if (globals.json === true) process.stdout.write(jsonLines(found));
  else {
    show(
      found.map(({ kept, receivers, topics, quarantine, list, ...plain }) => ({ ...plain, ...quarantine })),
      globals,
    );
    // What stays is what the newest says; copies are those of all of them.
    if (newest.kept.length > 0) show(newest.kept, globals);
    const copies = found.flatMap(({ certificate, receivers }) => receivers.map((one) => ({ certificate, ...one })));
    if (copies.length > 0) show(copies, globals);
    show(newest.topics, globals);
  }
  return EXIT.ok;
}

async function text(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new Failure(`${file}: cannot be read`, EXIT.usage);
  });
}
