import { readFile } from 'node:fs/promises';
import { ERASURE_TYPE, erasureCertificate } from '../../retention/erasure.ts';
import { openDocument } from '../../retention/signing.ts';
import { readConfig } from '../config.ts';
import { withDesk } from '../open.ts';
import { asker, rowsOf, show } from './answers.ts';
import { EXIT, Failure } from './exit.ts';
import type { Globals } from './globals.ts';
import { actAs, type Token } from './operators.ts';
import { jsonLines } from './render.ts';

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

/** `trailhouse erasures verify CERTIFICATE --key PUB`: needs nothing but the two files. */
export async function verifyErasure(
  globals: Globals,
  file: string,
  { key }: { readonly key: string },
): Promise<number> {
  const opened = openDocument(ERASURE_TYPE, await text(file), await text(key));
  if (opened.kind === 'refused') throw new Failure(`${file}: ${opened.reason}`);
  const certificate = erasureCertificate.safeParse(opened.content);
  if (!certificate.success) throw new Failure(`${file}: is signed, but says other than this version reads`);
  const { digest, keyid } = opened;
  if (globals.json === true) process.stdout.write(jsonLines([{ ...certificate.data, digest, keyid }]));
  else {
    const { kept, receivers, topics, ...plain } = certificate.data;
    show([{ ...plain, digest, keyid }], globals);
    for (const list of [kept, receivers, topics]) if (list.length > 0) show(list, globals);
  }
  return EXIT.ok;
}

async function text(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new Failure(`${file}: cannot be read`, EXIT.usage);
  });
}
