#!/usr/bin/env node
// Checks an evidence bundle without Trailhouse and without a network: Node 20.12 or newer, this one file.
//   unzip bundle.zip -d bundle
//   node bundle/verify.mjs bundle --key FINGERPRINT --ledger FINGERPRINT
//   node bundle/verify.mjs bundle --proof EVENT > event.tlog-proof
// What is checked, and what the bytes of a bundle mean, is written down in docs/evidence.md.
import { createReadStream, lstatSync, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { account, accountText } from './accounts.ts';
import { csvLine } from './csv.ts';
import { filesOf, manifestFaults, OTHERS } from './form.ts';
import { at, base64, isRecord, list, number, parsed, text } from './json.ts';
import { digestOf, lines, Unreadable, whole } from './lines.ts';
import type { Checkpoint, Json, Pins, Problem, Report, Row, Run, Source, Standing } from './report.ts';
import { isConsistent, isSigned, openCheckpoint, proofText, rootOf, sha256, signed } from './trees.ts';
import { actorIn, publicWords } from './words.ts';

/** Lines of a report; beyond so many problems, no more are kept. */
const [SHOWN, MOST_PROBLEMS] = [50, 1_000];
const NAME = /^(?:[A-Za-z0-9][A-Za-z0-9._-]*\/)*[A-Za-z0-9][A-Za-z0-9._-]*$/;
const typeOf = (kind: string): string => `application/vnd.trailhouse.${kind}+json`;
const keysOf = (manifest: Json | undefined): readonly string[] => list(manifest, 'keys', 'ledger').map(String);
const CERTIFICATES = 'settings/certificates';
const LINE = 'kind,index,offset,event_id,occurred_at,action,outcome,actor';

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

/** Statements of all intervals that the rows lie in, each signed with its checkpoint, and each continuing the one before. */
async function checkAccounts(run: Run, partition: number, rows: readonly Row[]): Promise<void> {
  const file = `ledger/${partition}/accounting.jsonl`;
  const raw = new Map<string, Standing>();
  let [line, start, size] = [0, 0, 0];
  for await (const words of lines(run.source, file)) {
    line++;
    const [note = '', statement = ''] = ['checkpoint', 'statement'].map((name) => text(parsed(words), name));
    const head =
      JSON.stringify({ checkpoint: note, statement }) === words
        ? openCheckpoint(note, keysOf(run.manifest), partition)
        : undefined;
    const [, origin, leaves, previous = '', , ...rest] = statement.split('\n');
    const before = Number(/^previous (\d+)$/.exec(previous)?.[1]);
    const isOfHead = origin === head?.origin && leaves === String(head?.size) && rest.pop() === '';
    if (head === undefined || !sha256(Buffer.from(statement)).equals(head.accounting) || !isOfHead)
      throw new RangeError(`line ${line} is no statement that the ledger signed`);
    if (line > 1 && before !== size && before !== 0) run.wrong(file, 'does not continue the one before', line);
    // One that continues none accounts for everything anew.
    if (before === 0) raw.clear();
    start = line === 1 || before === 0 ? before : start;
    account(rest, raw);
    size = head.size;
  }
  if (start > (rows[0]?.index ?? 0) || size <= (rows.at(-1)?.index ?? -1))
    run.wrong(file, 'does not reach over the events of the bundle');
  run.notes.push(...[...raw].flatMap(([name, standing]) => accountText(name, standing)));
}

/** The signed manifest as its file holds it. */
export function envelopeText(payload: Buffer, keyid: string, signature: Buffer): string {
  const [said, sig] = [payload.toString('base64'), signature.toString('base64')];
  return `${JSON.stringify({ payloadType: typeOf('evidence'), payload: said, signatures: [{ keyid, sig }] })}\n`;
}
export const sealedBytes = (payload: Buffer): Buffer => signed(typeOf('evidence'), payload);

async function checkFiles({ source, manifest, wrong }: Run, told: (name: string) => void): Promise<void> {
  const [there, known] = [new Set(source.names), filesOf(manifest)];
  const listed = new Set(['manifest.json', 'manifest.dsse.json']);
  const request = parsed((await whole(source, 'request.json')).toString());
  if (!isDeepStrictEqual(request, at(manifest, 'request'))) wrong('request.json', 'is not the request of the manifest');
  for (const reason of manifestFaults(manifest)) wrong('manifest.json', reason);
  for (const file of list(manifest, 'files')) {
    const name = text(file, 'path');
    told(name);
    if (listed.has(name)) wrong(name, 'is in the manifest twice');
    listed.add(name);
    if (!there.has(name)) wrong(name, 'is missing');
    else if (!known.has(name) && !OTHERS.test(name)) wrong(name, 'is no file that a bundle has');
    else if ((await digestOf(source.stream(name)).catch(String)) !== text(file, 'sha256')) wrong(name, 'was altered');
    else if (![undefined, text(file, 'packed')].includes(await source.packed?.(name)))
      wrong(name, 'was altered as it is packed');
  }
  for (const name of source.names) if (!listed.has(name)) wrong(name, 'is not in the manifest');
}

/** Rows of a question: the same in JSON and CSV, and of an event of this bundle where they name one. */
async function checkQuestion({ source, wrong, counts, ids, notes }: Run, question: Json): Promise<void> {
  const [json, csv] = [`${text(question, 'path')}/rows.jsonl`, `${text(question, 'path')}/rows.csv`];
  const columns = list(question, 'columns').map(String);
  const told = lines(source, csv)[Symbol.asyncIterator]();
  const isNext = async (cells: readonly unknown[]): Promise<boolean> => {
    for (const line of csvLine(cells).slice(0, -1).split('\n')) if ((await told.next()).value !== line) return false;
    return true;
  };
  let [row, strangers, same] = [0, 0, await isNext(columns)];
  if (!same) wrong(csv, 'has other columns than the manifest', 1);
  for await (const line of lines(source, json)) {
    row++;
    const cells = parsed(line);
    const isRow = isRecord(cells) && JSON.stringify(cells) === line && isDeepStrictEqual(Object.keys(cells), columns);
    const isSame = isRow && same && (await isNext(Object.values(cells)));
    if (!isRow) wrong(json, 'is no row of this question', row);
    else if (same && !isSame) wrong(csv, `says other than ${json}, line ${row}`, row + 1);
    if (isRow && typeof cells.event_id === 'string' && !ids.has(cells.event_id)) strangers++;
    // Behind the first difference the two are out of step, and the other file would be blamed.
    same = isSame;
  }
  if (same && (await told.next()).done !== true) wrong(csv, `has more rows than ${json}`);
  if (row !== number(question, 'rows')) wrong(json, `has ${row} rows, the manifest says ${number(question, 'rows')}`);
  counts.rows += row;
  if (strangers > 0 && at(question, 'of_events') === true)
    wrong(json, `${strangers} rows name events not in this bundle`);
  else if (strangers > 0) notes.push(`${json}: ${strangers} rows name events that lie outside this bundle`);
}

/** One line of events/: its bytes make its leaf, and what it says in words is what they say. @throws with what is wrong. */
function readEvent(line: string, { manifest }: Run): Row & { readonly said: Json | undefined } {
  const said = parsed(line);
  const [leaf, kind, index] = [base64(text(said, 'leaf')), text(said, 'kind'), number(said, 'index')];
  if (
    !isRecord(said) ||
    JSON.stringify(said) !== line ||
    leaf.length !== 32 ||
    !Number.isSafeInteger(index) ||
    index < 0
  )
    throw new RangeError('is no event');
  const isErased = at(said, 'erased') === true;
  const isOpen = text(manifest, 'request', 'profile') === 'full' && kind === 'row' && !isErased;
  const form = `${LINE}${isErased ? ',erased,certificate' : ''},leaf,public,inner${isOpen ? ',personal,salt' : ''}`;
  if (Object.keys(said).join() !== (kind === 'due' ? 'kind,index,offset,leaf' : form))
    throw new RangeError('has other fields than an event of this profile');
  const found = { index, leaf: leaf.toString('latin1'), said };
  if (kind === 'due') return found;
  const [open, inner, salt, own] = ['public', 'inner', 'salt', 'personal'].map((name) => base64(text(said, name)));
  if (open === undefined || inner?.length !== 32 || !sha256(Buffer.of(0), open, inner).equals(leaf))
    throw new RangeError('its bytes do not make its leaf');
  if (isOpen && (own === undefined || salt?.length !== 16 || !sha256(salt, own).equals(inner)))
    throw new RangeError('its personal bytes do not make their hash');
  const words = { ...publicWords(open), ...(isOpen && own !== undefined ? { actor: actorIn(own) } : {}) };
  for (const [name, one] of Object.entries(words))
    if (one !== at(said, name)) throw new RangeError(`${name} is not what its bytes say`);
  const [from, to] = ['from', 'to'].map((name) => text(manifest, 'request', name).slice(0, 19));
  const isInWindow =
    from !== undefined && to !== undefined && text(said, 'occurred_at') >= from && text(said, 'occurred_at') < to;
  if (kind !== (isInWindow ? 'row' : 'between')) throw new RangeError(`occurred_at makes it no ${kind}`);
  return found;
}

/** What events/ holds of one partition, in order. */
async function readEvents(run: Run, file: string, most: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let line = 0;
  for await (const words of lines(run.source, file)) {
    line++;
    if (line > most) throw new Unreadable(`${file}: has more lines than the manifest says`);
    try {
      const { index, leaf, said } = readEvent(words, run);
      const before = rows.at(-1)?.index ?? index - 1;
      if (index <= before) throw new RangeError('is out of order, or there twice');
      rows.push({ index, leaf });
      run.counts.gone += index - before - 1;
      if (at(said, 'erased') === true) {
        run.counts.erased++;
        const under = run.erased.get(text(said, 'certificate')) ?? new Map<string, string>();
        run.erased.set(text(said, 'certificate'), under);
        under.set(text(said, 'event_id'), base64(text(said, 'inner')).toString('hex'));
      }
      run.counts.due += at(said, 'kind') === 'due' ? 1 : 0;
      run.wanted = text(said, 'event_id') === run.pins.proof ? index : run.wanted;
      if (at(said, 'kind') !== 'row') continue;
      run.counts.events++;
      if (run.ids.has(text(said, 'event_id'))) throw new RangeError('is an event that is there already');
      run.ids.add(text(said, 'event_id'));
    } catch (error) {
      run.wrong(file, wordsOf(error), line);
    }
  }
  return rows;
}

async function checkTree(run: Run, said: Json): Promise<void> {
  const { source, manifest, wrong, notes, pins } = run;
  const [partition, most] = [number(said, 'partition'), number(said, 'lines')];
  const [folder, file] = [`ledger/${partition}`, `events/${partition}.jsonl`];
  run.wanted = undefined;
  const rows = await readEvents(run, file, most);
  const head = async (name: string): Promise<Checkpoint> => {
    const found = openCheckpoint((await whole(source, `${folder}/${name}`)).toString(), keysOf(manifest), partition);
    if (found === undefined) throw new Unreadable(`${folder}/${name} is signed by none of the ledger’s keys`);
    if (![undefined, found.fingerprint].includes(pins.ledger?.toLowerCase()))
      wrong(`${folder}/${name}`, `is signed by ${found.fingerprint}, not by the key of the ledger that was named`);
    return found;
  };
  const hashes = async (name: string): Promise<readonly Buffer[]> => {
    const bytes = await whole(source, `${folder}/${name}`, 32 * 64 * (rows.length + 1));
    return Array.from({ length: Math.ceil(bytes.length / 32) }, (_, row) => bytes.subarray(row * 32, row * 32 + 32));
  };
  const [first, last, path] = [await head('checkpoint.first'), await head('checkpoint'), [] as Buffer[]];
  if (rootOf(rows, last.size, await hashes('rows.hashes'), run.wanted, path)?.equals(last.root) !== true)
    wrong(file, `its rows and ${folder}/rows.hashes do not make the tree that was signed`);
  else if (run.wanted !== undefined) run.proof = proofText(run.wanted, path, last);
  if (last.size !== number(said, 'size') || rows.length !== most)
    wrong('manifest.json', `says other of partition ${partition} than its checkpoint and its events`);
  if (first.origin !== last.origin || !isConsistent(first, last, await hashes('consistency.hashes')))
    wrong(`${folder}/consistency.hashes`, 'do not lead from the first checkpoint to the last');
  run.ledgers.push({ origin: last.origin, size: last.size, signed_at: last.signedAt, fingerprint: last.fingerprint });
  const span = `leaves ${rows[0]?.index} to ${rows.at(-1)?.index} of ${last.size}`;
  if (rows.length > 0) notes.push(`${last.origin}: ${span}; that none beside them is of the period, the signer says`);
  await checkAccounts(run, partition, rows);
}

/** What a certificate says, where a key that the bundle lists has signed it as one of its kind. */
async function certified({ source, manifest }: Run, name: string, kind: string): Promise<Json | undefined> {
  const { type, payload, signature } = opened(await whole(source, name));
  const keys = list(manifest, 'keys', 'certificates').map((key) => base64(String(key)));
  const isGenuine = type === typeOf(kind) && keys.some((key) => isSigned(signed(type, payload), signature, key));
  return isGenuine ? parsed(payload.toString()) : undefined;
}

/** Each erased event stands, with the hash that is left of it, in the list of a signed certificate of erasure. */
async function checkErasures(run: Run): Promise<void> {
  for (const [id, events] of run.erased) {
    const [name, file, all] = [`${CERTIFICATES}/${id}.json`, `${CERTIFICATES}/${id}.events.csv`, events.size];
    const isThere = [name, file].every((one) => run.source.names.includes(one));
    const said = isThere ? await certified(run, name, 'erasure') : undefined;
    const isListed = isThere && (await digestOf(run.source.stream(file))) === text(said, 'list', 'sha256');
    if (isListed && text(said, 'certificate') === id)
      for await (const line of lines(run.source, file)) {
        const [event = '', hash] = line.split(',');
        if (events.get(event) === hash) events.delete(event);
      }
    if (events.size < all) run.notes.push(`${all - events.size} events erased under ${id} (${text(said, 'basis')})`);
    for (const first of [...events.keys()].slice(0, 1))
      run.wrong('ledger', `${events.size} erased events are in no signed list of erasures, ${first} the first of them`);
  }
}

/** Certificates of deletion account for the leaves between the rows that are no rows any more. */
async function checkCertificates(run: Run): Promise<void> {
  const { source, manifest, wrong, counts, notes, erased } = run;
  await checkErasures(run);
  for (const name of source.names.filter((one) => one.startsWith(CERTIFICATES) && one.endsWith('.json'))) {
    if (erased.has(name.slice(CERTIFICATES.length + 1, -'.json'.length))) continue;
    const said = await certified(run, name, 'deletion');
    if (text(said, 'certificate') !== name.slice(CERTIFICATES.length + 1, -'.json'.length))
      notes.push(`${name} is signed by no key for certificates of this bundle, and counts for nothing`);
    else if (text(said, 'stored_in').startsWith('events')) counts.certified += number(said, 'rows');
  }
  if (counts.due > 0)
    notes.push(`${counts.due} events are past their deadline, the signer says: their leaves alone are shown`);
  if (text(manifest, 'request', 'scope') !== '')
    notes.push(`${counts.gone} leaves between the rows lie outside the scope: the signer says so, no tree can`);
  else if (counts.gone > counts.certified)
    wrong('ledger', `${counts.gone} leaves between the rows are gone, certificates account for ${counts.certified}`);
  else if (counts.gone > 0) notes.push(`${counts.gone} leaves between the rows were deleted under certificates`);
}

function opened(bytes: Buffer): { readonly type: string; readonly payload: Buffer; readonly signature: Buffer } {
  const envelope = parsed(bytes.toString());
  const signature = base64(text(list(envelope, 'signatures')[0], 'sig'));
  return { type: text(envelope, 'payloadType'), payload: base64(text(envelope, 'payload')), signature };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : 'cannot be read');

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
