#!/usr/bin/env node
// Checks an evidence bundle without Trailhouse and without a network: Node 20.12 or newer, this one file.
//   unzip bundle.zip -d bundle
//   node bundle/verify.mjs bundle --key FINGERPRINT --ledger FINGERPRINT
//   node bundle/verify.mjs bundle --proof EVENT > event.tlog-proof
// What is checked, and what the bytes of a bundle mean, is written down in docs/evidence.md.
import { createReadStream, lstatSync, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CERTIFICATES, checkCertificates, opened, typeOf } from './check-certificates.ts';
import { checkTree } from './check-events.ts';
import { checkFiles, checkQuestion } from './check-files.ts';
import { at, base64, list, number, parsed, text } from './json.ts';
import { Unreadable, whole, wordsOf } from './lines.ts';
import type { Pins, Problem, Report, Run, Source } from './report.ts';
import { isSigned, sha256, signed } from './trees.ts';

/** Lines of a report; beyond so many problems, no more are kept. */
const [SHOWN, MOST_PROBLEMS] = [50, 1_000];
const NAME = /^(?:[A-Za-z0-9][A-Za-z0-9._-]*\/)*[A-Za-z0-9][A-Za-z0-9._-]*$/;

export async function openFolder(path: string): Promise<Source> {
  const found = await readdir(path, { recursive: true });
  const names = found
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => !lstatSync(`${path}/${name}`).isDirectory());
  for (const name of names)
    if (!lstatSync(`${path}/${name}`).isFile()) throw new Unreadable(`${name}: is no plain file`);
  return { names: checkedNames(names), stream: (name) => createReadStream(`${path}/${name}`) };
}

export function checkedNames(names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  for (const name of names) {
    if (!NAME.test(name)) throw new Unreadable(`${JSON.stringify(name)}: is no name of a file in a bundle`);
    if (seen.has(name.toLowerCase()))
      throw new Unreadable(`${name}: is there twice, or differs from another in case alone`);
    seen.add(name.toLowerCase());
  }
  return names;
}

/** The signed manifest as its file holds it. */
export function envelopeText(payload: Buffer, keyid: string, signature: Buffer): string {
  const [said, sig] = [payload.toString('base64'), signature.toString('base64')];
  return `${JSON.stringify({ payloadType: typeOf('evidence'), payload: said, signatures: [{ keyid, sig }] })}\n`;
}

export const sealedBytes = (payload: Buffer): Buffer => signed(typeOf('evidence'), payload);

export async function verifyBundle(source: Source, pins: Pins = {}, told = (_: string): void => {}): Promise<Report> {
  const [problems, notes]: [Problem[], string[]] = [[], []];
  const wrong: Run['wrong'] = (file, reason, row) =>
    void (problems.length < MOST_PROBLEMS && problems.push({ file, reason, ...(row === undefined ? {} : { row }) }));
  const guarded = (place: string, check: Promise<void>): Promise<void> =>
    check.catch((error) => wrong(place, wordsOf(error)));
  const sealed = await whole(source, 'manifest.dsse.json');
  const { payload, signature } = opened(sealed);
  const manifest = parsed(payload.toString());
  const spki = base64(text(manifest, 'signing_key'));
  const fingerprint = sha256(spki).toString('hex');
  // One way to write it: a bit that means nothing to a parser is turned no less.
  const isGenuine =
    sealed.equals(Buffer.from(envelopeText(payload, fingerprint, signature))) &&
    isSigned(sealedBytes(payload), signature, spki);
  if (!isGenuine) wrong('manifest.dsse.json', 'its signature does not fit what it says: nothing else was looked at');
  if (![undefined, fingerprint].includes(pins.key?.toLowerCase()))
    wrong('manifest.dsse.json', `is signed by ${fingerprint}, not by the key that was named`);
  const counts = { rows: 0, events: 0, erased: 0, due: 0, certified: 0, gone: 0 };
  const maps = { ids: new Set<string>(), erased: new Map<string, Map<string, string>>(), ledgers: [] };
  const run: Run = { source, manifest, pins, counts, notes, ...maps, wrong };
  if (isGenuine) {
    if (!payload.equals(await whole(source, 'manifest.json')))
      wrong('manifest.json', 'says other than what was signed');
    await guarded('manifest.json', checkFiles(run, told));
    for (const tree of list(manifest, 'ledger'))
      await guarded(`ledger/${text(tree, 'partition')}`, checkTree(run, tree));
    for (const question of list(manifest, 'questions'))
      await guarded(text(question, 'path'), checkQuestion(run, question));
    await guarded(CERTIFICATES, checkCertificates(run));
    if (counts.events !== number(manifest, 'events'))
      wrong('manifest.json', 'says another number of events than there are');
  }
  const verdict = problems.length === 0 ? 'genuine' : 'altered';
  const counted = { files: source.names.length, rows: counts.rows, events: counts.events, erased: counts.erased };
  const said = { request: at(manifest, 'request'), counted, ledgers: run.ledgers, notes, problems };
  const proof = run.proof === undefined ? {} : { proof: run.proof };
  return { verdict, pinned: pins.key !== undefined, fingerprint, ...said, ...proof };
}

export function reportText(report: Report, pins: Pins = {}): string {
  const { verdict, pinned, fingerprint, request, counted, ledgers, notes, problems } = report;
  const how = (isPinned: boolean) =>
    isPinned ? ', the key that was named' : ': NOT PINNED; compare it with what the signer published';
  const out = [
    `${verdict.toUpperCase()}: evidence for ${['framework', 'from', 'to'].map((name) => text(request, name)).join(' ')}`,
    `${counted.files} files, ${counted.rows} rows, ${counted.events} events in the signed tree, ${counted.erased} erased`,
    `signed by ${fingerprint}${how(pinned)}`,
    ...ledgers.map(
      (one) => `ledger ${one.origin} signed at ${one.signed_at} by ${one.fingerprint}${how(pins.ledger !== undefined)}`,
    ),
    ...notes.map((note) => `note: ${note}`),
    ...problems
      .slice(0, SHOWN)
      .map((one) => `WRONG ${one.file}${one.row === undefined ? '' : `, line ${one.row}`}: ${one.reason}`),
    ...(problems.length > SHOWN ? [`and ${problems.length - SHOWN} more`] : []),
  ];
  // A bundle's words must not begin a line of ours, nor turn one around.
  return out.map((line) => `${line.replace(/\p{C}|\u2028|\u2029/gu, '?')}\n`).join('');
}

/** Exit codes: 0 genuine, 1 altered, 2 nothing to verify. */
async function main(args: readonly string[]): Promise<number> {
  const word = { type: 'string' } as const;
  const options = { key: word, ledger: word, proof: word, json: { type: 'boolean' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const areKeys = [values.key, values.ledger].every((one) => /^[0-9a-f]{64}$/i.test(one ?? '0'.repeat(64)));
    const [path] = positionals;
    if (path === undefined || positionals.length > 1 || !areKeys)
      throw new Unreadable(
        'usage: node verify.mjs FOLDER [--key FINGERPRINT] [--ledger FINGERPRINT] [--proof EVENT] [--json]',
      );
    const report = await verifyBundle(await openFolder(path), values);
    const said = values.json === true ? `${JSON.stringify(report)}\n` : reportText(report, values);
    process[values.proof === undefined ? 'stdout' : 'stderr'].write(said);
    if (report.verdict !== 'genuine') return 1;
    if (values.proof !== undefined && report.proof === undefined)
      throw new Unreadable(`no event ${values.proof} in this bundle`);
    process.stdout.write(report.proof ?? '');
    return 0;
  } catch (error) {
    process.stderr.write(`${wordsOf(error)}\n`);
    return 2;
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = await main(process.argv.slice(2));
