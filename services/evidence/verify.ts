#!/usr/bin/env node
// Checks an evidence bundle without Trailhouse and without a network: Node 20 or newer, this one file.
//
//   unzip bundle.zip -d bundle
//   node bundle/verify.mjs bundle --key FINGERPRINT
// What is checked, and what the bytes of a bundle mean, is written down in docs/evidence.md.
import { createHash, hash, verify } from 'node:crypto';
import { createReadStream, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { account, accountText } from './accounts.ts';
import { csvLine } from './csv.ts';
import { at, isList, isRecord, list, number, parsed, text } from './json.ts';
import type { Checkpoint, Cursor, Json, Problem, Report, Row, Run, Schemas, Source, Standing } from './report.ts';

export class Unreadable extends Error {}

const SHOWN = 50;
const MANIFEST_BYTES = 64 * 1024 ** 2;
const NAME = /^(?:[A-Za-z0-9][A-Za-z0-9._-]*\/)*[A-Za-z0-9][A-Za-z0-9._-]*$/;
const typeOf = (kind: string): string => `application/vnd.trailhouse.${kind}+json`;
const CERTIFICATES = 'settings/certificates';

const sha256 = (...parts: readonly Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer');
const base64 = (text: string): Buffer => Buffer.from(text, 'base64');

export async function openFolder(path: string): Promise<Source> {
  const names: string[] = [];
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const name = `${entry.parentPath}/${entry.name}`.slice(path.replace(/\/+$/, '').length + 1);
    if (!entry.isFile()) throw new Unreadable(`${name}: is no plain file`);
    names.push(name);
  }
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

async function digestOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of chunks) digest.update(chunk);
  return digest.digest('hex');
}

async function whole(source: Source, name: string, most = MANIFEST_BYTES): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source.stream(name)) {
    size += chunk.length;
    if (size > most) throw new Unreadable(`${name}: is larger than any bundle’s`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function* lines(chunks: AsyncIterable<Buffer>): AsyncIterable<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    let from = 0;
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, from)) {
      yield bytes.toString('utf8', from, at);
      from = at + 1;
    }
    rest = bytes.subarray(from);
  }
  if (rest.length > 0) yield rest.toString('utf8');
}

// ---- What an event's public bytes say: Avro 1.12 binary, by the schema beside them

function take(cursor: Cursor, length: number): Buffer {
  if (!(length >= 0 && cursor.at + length <= cursor.bytes.length)) throw new RangeError('its bytes are cut short');
  cursor.at += length;
  return cursor.bytes.subarray(cursor.at - length, cursor.at);
}

/** Exact up to 2^53, as far as any number of an event goes. */
function long(cursor: Cursor): number {
  let [sum, weight, byte] = [0, 1, 128];
  for (; byte > 127; weight *= 128) {
    byte = take(cursor, 1)[0] ?? 0;
    sum += (byte & 127) * weight;
  }
  return sum % 2 === 0 ? sum / 2 : -(sum + 1) / 2;
}

/** A text or a number is handed back, the rest is only walked. */
function avro(type: Json | undefined, cursor: Cursor): Json {
  const kind = isList(type) ? 'union' : typeof type === 'string' ? type : text(type, 'type');
  if (kind === 'string') return take(cursor, long(cursor)).toString('utf8');
  if (kind === 'int' || kind === 'long') return long(cursor);
  if (kind === 'union') return avro(list(type)[long(cursor)], cursor);
  if (kind === 'double') take(cursor, 8);
  else if (kind === 'fixed') take(cursor, number(type, 'size'));
  else if (kind === 'record') for (const field of list(type, 'fields')) avro(at(field, 'type'), cursor);
  else if (kind === 'array' || kind === 'map')
    for (let count = long(cursor); count !== 0; count = long(cursor)) {
      if (count < 0) long(cursor);
      for (let left = Math.abs(count); left > 0; left--) {
        if (kind === 'map') avro('string', cursor);
        avro(at(type, kind === 'map' ? 'values' : 'items'), cursor);
      }
    }
  else if (kind !== 'null') throw new RangeError(`its schema names an unknown type ${kind}`);
  return null;
}

/** Every version of the schema begins with the event's id and the version that wrote it. */
function publicFields(schemas: Schemas, bytes: Buffer): ReadonlyMap<string, Json> {
  const head = { bytes, at: 0 };
  const [, version] = ['string', 'int'].map((type) => avro(type, head));
  const cursor = { bytes, at: 0 };
  const fields = schemas.get(number(version)) ?? [];
  const read = new Map(fields.map((field) => [text(field, 'name'), avro(at(field, 'type'), cursor)]));
  if (cursor.at !== bytes.length) throw new RangeError('its bytes hold other than their schema');
  return read;
}

// ---- Signatures and trees: DSSE, C2SP signed-note and tlog-checkpoint, RFC 6962

const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const NO_HASH = Buffer.alloc(0);
const signed = (type: string, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);

function isSigned(message: Buffer, signature: Buffer, spki: Buffer): boolean {
  try {
    return verify(null, message, { key: spki, format: 'der', type: 'spki' }, signature);
  } catch {
    return false;
  }
}

/** A tree's head, signed by a key of its log; undefined where none has signed it, or the signature does not fit. */
function openCheckpoint(note: string, vkeys: readonly string[], partition: number): Checkpoint | undefined {
  const split = note.lastIndexOf('\n\n') + 1;
  const [body, tail] = [note.slice(0, split), note.slice(split).split('\n')];
  const [origin = '', size = '', root = ''] = body.split('\n');
  const fits = vkeys.some((vkey) => {
    const [, name = '', id = '', material = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? [];
    const key = base64(material);
    const isKey = key[0] === 1 && sha256(Buffer.from(`${name}\n`), key).toString('hex', 0, 4) === id;
    const by = `— ${name} `;
    const lines = tail.filter((line) => line.startsWith(by)).map((line) => base64(line.slice(by.length)));
    const mine = lines.find((bytes) => bytes.toString('hex', 0, 4) === id)?.subarray(4) ?? NO_HASH;
    return isKey && isSigned(Buffer.from(body), mine, Buffer.concat([SPKI, key.subarray(1)]));
  });
  if (!fits || !origin.endsWith(`/${partition}`) || !/^\d{1,15}$/.test(size)) return undefined;
  const [, accounting = ''] = /^accounting (.+)$/m.exec(body) ?? [];
  return { size: Number(size), root: base64(root), accounting: base64(accounting) };
}

const node = (left: Buffer, right: Buffer): Buffer => sha256(Buffer.of(1), left, right);

/** Root over the rows and the hashes of the subtrees between them, left to right; undefined where any is left over. */
function rootOf(rows: readonly Row[], size: number, hashes: readonly Buffer[]): Buffer | undefined {
  let [row, next] = [0, 0];
  const subtree = (from: number, to: number): Buffer => {
    if ((rows[row]?.index ?? size) >= to) return hashes[next++] ?? NO_HASH;
    if (to - from === 1) return Buffer.from(rows[row++]?.leaf ?? '', 'latin1');
    const middle = from + 2 ** Math.ceil(Math.log2(to - from) - 1);
    const left = subtree(from, middle);
    return node(left, subtree(middle, to));
  };
  const root = subtree(0, size);
  return row === rows.length && next === hashes.length ? root : undefined;
}

/** RFC 9162, 2.1.4.2: the tree of the second checkpoint begins with the one of the first. */
function isConsistent(first: Checkpoint, second: Checkpoint, proof: readonly Buffer[]): boolean {
  if (first.size === second.size) return proof.length === 0 && first.root.equals(second.root);
  if (first.size > second.size || first.size === 0) return first.size === 0 && proof.length === 0;
  const path = Number.isInteger(Math.log2(first.size)) ? [first.root, ...proof] : [...proof];
  let [fn, sn] = [BigInt(first.size) - 1n, BigInt(second.size) - 1n];
  for (; (fn & 1n) === 1n; fn >>= 1n) sn >>= 1n;
  let [one, two] = [path[0] ?? NO_HASH, path[0] ?? NO_HASH];
  for (const next of path.slice(1)) {
    if (sn === 0n) return false;
    if ((fn & 1n) === 1n || fn === sn) {
      [one, two] = [node(next, one), node(next, two)];
      for (; (fn & 1n) === 0n && fn !== 0n; fn >>= 1n) sn >>= 1n;
    } else two = node(two, next);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && one.equals(first.root) && two.equals(second.root);
}

/** Statements of all intervals that the rows lie in, each signed with its checkpoint, and each continuing the one before. */
async function checkAccounts(run: Run, partition: number, rows: readonly Row[]): Promise<void> {
  const keys = list(run.manifest, 'keys', 'ledger').map(String);
  const file = `ledger/${partition}/accounting.jsonl`;
  const raw = new Map<string, Standing>();
  let [line, start, size] = [0, 0, 0];
  for await (const words of lines(run.source.stream(file))) {
    line++;
    const [note = '', statement = ''] = ['checkpoint', 'statement'].map((name) => text(parsed(words), name));
    const head = openCheckpoint(note, keys, partition);
    const [, origin, leaves, previous = '', , ...rest] = statement.split('\n');
    const before = Number(/^previous (\d+)$/.exec(previous)?.[1]);
    const isOfHead = origin === note.split('\n')[0] && Number(leaves) === head?.size && rest.pop() === '';
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
  const signatures = [{ keyid, sig: signature.toString('base64') }];
  return `${JSON.stringify({ payloadType: typeOf('evidence'), payload: payload.toString('base64'), signatures })}\n`;
}
export const sealedBytes = (payload: Buffer): Buffer => signed(typeOf('evidence'), payload);
/** Microseconds since 1970 as RFC 3339 with all six digits. */
export const instant = (micros: number): string =>
  `${new Date(Math.floor(micros / 1e6) * 1e3).toISOString().slice(0, 19)}.${String(((micros % 1e6) + 1e6) % 1e6).padStart(6, '0')}Z`;

async function checkFiles({ source, manifest, wrong }: Run, told: (name: string) => void): Promise<void> {
  const listed = new Set(['manifest.json', 'manifest.dsse.json']);
  for (const file of list(manifest, 'files')) {
    const name = text(file, 'path');
    listed.add(name);
    told(name);
    if (!source.names.includes(name)) wrong(name, 'is missing');
    else if ((await digestOf(source.stream(name)).catch(String)) !== text(file, 'sha256')) wrong(name, 'was altered');
    else if (![undefined, text(file, 'packed')].includes(await source.packed?.(name)))
      wrong(name, 'was altered as it is packed');
  }
  for (const name of source.names) if (!listed.has(name)) wrong(name, 'is not in the manifest');
}

/** Rows of a question: the same in JSON and CSV, and of an event of this bundle where they name one. */
async function checkQuestion({ source, wrong, counts, ids, notes }: Run, question: Json): Promise<void> {
  const [json, csv] = ['jsonl', 'csv'].map((kind) => `${text(question, 'path')}/rows.${kind}`);
  if (json === undefined || csv === undefined) return;
  const columns = list(question, 'columns').map(String);
  const told = lines(source.stream(csv))[Symbol.asyncIterator]();
  const isNext = async (cells: readonly unknown[]): Promise<boolean> => {
    for (const line of csvLine(cells).slice(0, -1).split('\n')) if ((await told.next()).value !== line) return false;
    return true;
  };
  let [row, strangers, same] = [0, 0, await isNext(columns)];
  if (!same) wrong(csv, 'has other columns than the manifest', 1);
  for await (const line of lines(source.stream(json))) {
    row++;
    const cells = parsed(line);
    if (!isRecord(cells) || JSON.stringify(cells) !== line || Object.keys(cells).join() !== columns.join())
      wrong(json, 'is no row of this question', row);
    else {
      if (same && !(await isNext(Object.values(cells)))) wrong(csv, `says other than ${json}, line ${row}`, row + 1);
      else if (typeof cells.event_id === 'string' && !ids.has(cells.event_id)) strangers++;
      else continue;
      same = typeof cells.event_id === 'string' && same;
    }
  }
  if (same && (await told.next()).done !== true) wrong(csv, `has more rows than ${json}`);
  if (row !== number(question, 'rows')) wrong(json, `has ${row} rows, the manifest says ${number(question, 'rows')}`);
  counts.rows += row;
  if (strangers > 0 && at(question, 'of_events') === true)
    wrong(json, `${strangers} rows name events not in this bundle`);
  else if (strangers > 0) notes.push(`${json}: ${strangers} rows name events that lie outside this bundle`);
}

/** One line of events/: its bytes make its leaf, and what it says in words is what they say. @throws with what is wrong. */
function readEvent(line: string, { schemas, manifest }: Run): Row & { readonly said: Json | undefined } {
  const said = parsed(line);
  const [leaf, kind, index] = [base64(text(said, 'leaf')), text(said, 'kind'), number(said, 'index')];
  if (JSON.stringify(said) !== line || leaf.length !== 32 || !Number.isSafeInteger(index))
    throw new RangeError('is no event');
  const found = { index, leaf: leaf.toString('latin1'), said };
  if (kind === 'due') return found;
  const [open, inner] = [base64(text(said, 'public')), base64(text(said, 'inner'))];
  if (!sha256(Buffer.of(0), open, inner).equals(leaf)) throw new RangeError('its bytes do not make its leaf');
  const own = ['salt', 'personal'].map((name) => base64(text(said, name)));
  if (at(said, 'salt') !== undefined && !sha256(...own).equals(inner))
    throw new RangeError('its personal bytes do not make their hash');
  const fields = publicFields(schemas, open);
  const micros = number(fields.get('occurred_at'));
  for (const name of ['event_id', 'action', 'outcome', 'occurred_at'])
    if ((name === 'occurred_at' ? instant(micros) : fields.get(name)) !== at(said, name))
      throw new RangeError(`${name} is not what its bytes say`);
  const [from = 0, to = 0] = ['from', 'to'].map((name) => Date.parse(text(manifest, 'request', name)) * 1000);
  if ((kind === 'row') !== (micros >= from && micros < to)) throw new RangeError(`occurred_at makes it no ${kind}`);
  return found;
}

/** What events/ holds of one partition, in order. */
async function readEvents(run: Run, file: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let line = 0;
  for await (const words of lines(run.source.stream(file))) {
    line++;
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
      if (at(said, 'kind') !== 'row') continue;
      run.counts.events++;
      run.ids.add(text(said, 'event_id'));
    } catch (error) {
      run.wrong(file, wordsOf(error), line);
    }
  }
  return rows;
}

async function checkTree(run: Run, partition: number): Promise<void> {
  const { source, manifest, wrong } = run;
  const [folder, file] = [`ledger/${partition}`, `events/${partition}.jsonl`];
  const vkeys = list(manifest, 'keys', 'ledger').map(String);
  const rows = await readEvents(run, file);
  const head = async (name: string): Promise<Checkpoint> => {
    const found = openCheckpoint((await whole(source, `${folder}/${name}`)).toString(), vkeys, partition);
    if (found === undefined) throw new Unreadable(`${folder}/${name} is signed by none of the ledger’s keys`);
    return found;
  };
  const hashes = async (name: string): Promise<readonly Buffer[]> => {
    const bytes = await whole(source, `${folder}/${name}`, 2 ** 31);
    return Array.from({ length: Math.ceil(bytes.length / 32) }, (_, row) => bytes.subarray(row * 32, row * 32 + 32));
  };
  const [first, last] = [await head('checkpoint.first'), await head('checkpoint')];
  if (rootOf(rows, last.size, await hashes('rows.hashes'))?.equals(last.root) !== true)
    wrong(file, `its rows and ${folder}/rows.hashes do not make the tree that was signed`);
  if (!isConsistent(first, last, await hashes('consistency.hashes')))
    wrong(`${folder}/consistency.hashes`, 'do not lead from the first checkpoint to the last');
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
      for await (const line of lines(run.source.stream(file))) {
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
    if (said === undefined)
      notes.push(`${name} is signed by no key for certificates of this bundle, and counts for nothing`);
    else if (text(said, 'stored_in').startsWith('events')) counts.certified += number(said, 'rows');
  }
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

/** `key` is the SHA-256 of the public key that has to have signed, in hex, learned by another way than the bundle. */
export async function verifyBundle(source: Source, key?: string, told = (_: string): void => {}): Promise<Report> {
  const problems: Problem[] = [];
  const wrong: Run['wrong'] = (file, reason, row) =>
    void problems.push({ file, reason, ...(row === undefined ? {} : { row }) });
  const guarded = (place: string, check: Promise<void>): Promise<void> =>
    check.catch((error) => wrong(place, wordsOf(error)));
  const counts = { rows: 0, events: 0, erased: 0, certified: 0, gone: 0 };
  const sealed = await whole(source, 'manifest.dsse.json');
  const { payload, signature } = opened(sealed);
  const manifest = parsed(payload.toString());
  const spki = base64(text(manifest, 'signing_key'));
  const fingerprint = sha256(spki).toString('hex');
  const isAsWritten = envelopeText(payload, fingerprint, signature) === sealed.toString();
  if (!isAsWritten || !isSigned(sealedBytes(payload), signature, spki))
    wrong('manifest.dsse.json', 'its signature does not fit what it says');
  if (key !== undefined && key.toLowerCase() !== fingerprint)
    wrong('manifest.dsse.json', `is signed by ${fingerprint}, not by the key that was named`);
  if (!payload.equals(await whole(source, 'manifest.json'))) wrong('manifest.json', 'says other than what was signed');

  const schemas = new Map<number, readonly Json[]>();
  for (const name of source.names.filter((one) => one.startsWith('schemas/audit-event.v'))) {
    const schema = parsed((await whole(source, name).catch(() => '')).toString());
    const fields = list(schema, 'fields').filter((field) => text(field, 'part') === 'public');
    schemas.set(Number(/\d+/.exec(name)), fields);
  }
  const run: Run = { source, manifest, schemas, counts, notes: [], ids: new Set(), erased: new Map(), wrong };
  await guarded('manifest.json', checkFiles(run, told));
  const partitions = list(manifest, 'ledger').map((tree) => number(tree, 'partition'));
  for (const partition of partitions) await guarded(`ledger/${partition}`, checkTree(run, partition));
  for (const question of list(manifest, 'questions'))
    await guarded(text(question, 'path'), checkQuestion(run, question));
  await guarded(CERTIFICATES, checkCertificates(run));
  const verdict = problems.length === 0 ? 'genuine' : 'altered';
  const counted = { files: source.names.length, rows: counts.rows, events: counts.events, erased: counts.erased };
  const said = { request: at(manifest, 'request'), counted, notes: run.notes, problems };
  return { verdict, pinned: key !== undefined, fingerprint, ...said };
}

export function reportText(report: Report): string {
  const { verdict, pinned, fingerprint, request, counted, notes, problems } = report;
  const out = [
    `${verdict.toUpperCase()}: evidence for ${['framework', 'from', 'to'].map((name) => text(request, name)).join(' ')}`,
    `${counted.files} files, ${counted.rows} rows, ${counted.events} events in the signed tree, ${counted.erased} erased`,
    `signed by ${fingerprint}${pinned ? ', the key that was named' : ': NOT PINNED; compare it with what the signer published'}`,
    ...notes.map((note) => `note: ${note}`),
    ...problems
      .slice(0, SHOWN)
      .map((one) => `WRONG ${one.file}${one.row === undefined ? '' : `, line ${one.row}`}: ${one.reason}`),
    problems.length > SHOWN ? `and ${problems.length - SHOWN} more` : '',
  ];
  const lines = out.filter((line) => line !== '').join('\n');
  return `${lines.replace(/[^\P{C}\n]/gu, '?')}\n`;
}

/** Exit codes: 0 genuine, 1 altered, 2 nothing to verify. */
async function main(args: readonly string[]): Promise<number> {
  const flag = args.indexOf('--key');
  const key = flag === -1 ? undefined : (args[flag + 1] ?? '');
  const [path] = args.filter((arg) => !arg.startsWith('--') && arg !== key);
  if (path === undefined || !/^[0-9a-f]{64}$/i.test(key ?? '0'.repeat(64))) {
    process.stderr.write('usage: node verify.mjs FOLDER [--key FINGERPRINT] [--json]\n');
    return 2;
  }
  try {
    const report = await verifyBundle(await openFolder(path), key);
    process.stdout.write(args.includes('--json') ? `${JSON.stringify(report)}\n` : reportText(report));
    return report.verdict === 'genuine' ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${path}: ${wordsOf(error)}\n`);
    return 2;
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = await main(process.argv.slice(2));
