#!/usr/bin/env node
// Checks an evidence bundle without Trailhouse and without a network: Node 20.12 or newer, this one file.
//   unzip bundle.zip -d bundle
//   node bundle/verify.mjs bundle --key FINGERPRINT --ledger FINGERPRINT
//   node bundle/verify.mjs bundle --proof EVENT > event.tlog-proof
// What is checked, and what the bytes of a bundle mean, is written down in docs/evidence.md.
import { createHash, hash, verify } from 'node:crypto';
import { createReadStream, lstatSync, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
const at = (json, ...path) => path.reduce((inner, name) => (isRecord(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined), json);
const isList = (json) => Array.isArray(json);
const isRecord = (json) => typeof json === 'object' && json !== null && !isList(json);
const text = (json, ...path) => String(at(json, ...path) ?? '');
const number = (json, ...path) => [at(json, ...path)].find((one) => typeof one === 'number') ?? Number.NaN;
const list = (json, ...path) => [at(json, ...path)].find(isList) ?? [];
function base64(words) {
  const bytes = Buffer.from(words, 'base64');
  return bytes.toString('base64') === words ? bytes : Buffer.alloc(0);
}
function attempt(work, otherwise) {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
const parsed = (words) => attempt(() => JSON.parse(words), undefined);
// ---- Files, as lines and whole. None is believed to be as large as it likes
class Unreadable extends Error {}
const MOST_BYTES = 64 * 1024 ** 2;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
async function digestOf(chunks) {
  const digest = createHash('sha256');
  for await (const chunk of chunks) digest.update(chunk);
  return digest.digest('hex');
}
async function whole(source, name, most = MOST_BYTES) {
  const chunks = [];
  let size = 0;
  for await (const chunk of source.stream(name)) {
    size += chunk.length;
    if (size > most) throw new Unreadable(`${name}: is larger than any bundle’s`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
async function* lines({ stream }, name) {
  let [rest, line] = [Buffer.alloc(0), 1];
  for await (const chunk of stream(name)) {
    let from = 0;
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, from), line++) {
      yield decoded(bytes.subarray(from, at), `${name}, line ${line}`);
      from = at + 1;
    }
    rest = bytes.subarray(from);
    if (rest.length > MOST_BYTES) throw new Unreadable(`${name}, line ${line}: is longer than any bundle’s`);
  }
  if (rest.length > 0) throw new Unreadable(`${name}, line ${line}: does not end`);
}
function decoded(bytes, place) {
  const words = attempt(() => utf8.decode(bytes), undefined);
  if (words === undefined) throw new Unreadable(`${place}: is no UTF-8`);
  return words;
}
const wordsOf = (error) => (error instanceof Error ? error.message : 'cannot be read');
const sha256 = (...parts) => hash('sha256', Buffer.concat(parts), 'buffer');
// ---- Signatures and trees: DSSE, C2SP signed-note and tlog-checkpoint, RFC 6962
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const NO_HASH = Buffer.alloc(0);
const signed = (type, payload) => Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
function isSigned(message, signature, spki) {
  const isEd25519 = spki.length === SPKI.length + 32 && spki.subarray(0, SPKI.length).equals(SPKI);
  return isEd25519 && attempt(() => verify(null, message, { key: spki, format: 'der', type: 'spki' }, signature), false);
}
const HEAD = /^([^\n+]+)\/(0|[1-9]\d*)\n(0|[1-9]\d{0,12})\n(.{43}=)\nfirst-offset \d+\nlast-offset \d+\nsigned-at (.+)\naccounting (.{43}=)\n$/;
function openCheckpoint(note, vkeys, partition) {
  const split = note.lastIndexOf('\n\n') + 1;
  const [body, tail] = [note.slice(0, split), note.slice(split).split('\n')];
  const [, log = '', place, size, root = '', signedAt = '', accounting = ''] = HEAD.exec(body) ?? [];
  for (const vkey of vkeys.filter((one) => one.startsWith(`${log}+`) && Number(place) === partition)) {
    const [, id = '', material = ''] = /^([0-9a-f]{8})\+(.+)$/.exec(vkey.slice(log.length + 1)) ?? [];
    const key = base64(material);
    const isKey = key[0] === 1 && sha256(Buffer.from(`${log}\n`), key).toString('hex', 0, 4) === id;
    const lines = tail.filter((line) => line.startsWith(`— ${log} `)).map((line) => base64(line.slice(log.length + 3)));
    const mine = lines.find((bytes) => bytes.toString('hex', 0, 4) === id)?.subarray(4) ?? NO_HASH;
    const spki = Buffer.concat([SPKI, key.subarray(1)]);
    const head = { origin: `${log}/${place}`, size: Number(size), root: base64(root), accounting: base64(accounting) };
    if (isKey && isSigned(Buffer.from(body), mine, spki)) return { ...head, note, signedAt, fingerprint: sha256(spki).toString('hex') };
  }
  return undefined;
}
const node = (left, right) => sha256(Buffer.of(1), left, right);
const leftOf = (width) => 2 ** Math.ceil(Math.log2(width) - 1);
function rootOf(rows, size, hashes, of = -1, path = []) {
  let [row, next] = [0, 0];
  const subtree = (from, to) => {
    if ((rows[row]?.index ?? size) >= to) return hashes[next++] ?? NO_HASH;
    if (to - from === 1) return Buffer.from(rows[row++]?.leaf ?? '', 'latin1');
    const middle = from + leftOf(to - from);
    const [left, right] = [subtree(from, middle), subtree(middle, to)];
    if (from <= of && of < to) path.push(of < middle ? right : left);
    return node(left, right);
  };
  const root = subtree(0, size);
  return row === rows.length && next === hashes.length ? root : undefined;
}
function isConsistent(first, second, proof) {
  let next = 0;
  const roots = (old, all, isWhole) => {
    if (old === all) return isWhole ? [first.root, first.root] : [proof[next] ?? NO_HASH, proof[next++] ?? NO_HASH];
    const left = leftOf(all);
    const [one, two] = old <= left ? roots(old, left, isWhole) : roots(old - left, all - left, false);
    const other = proof[next++] ?? NO_HASH;
    return old <= left ? [one, node(two, other)] : [node(other, one), node(other, two)];
  };
  if (first.size > second.size || first.size === 0) return first.size === 0 && proof.length === 0;
  const [one, two] = roots(first.size, second.size, true);
  return next === proof.length && one.equals(first.root) && two.equals(second.root);
}
const proofText = (index, path, { note }) => `c2sp.org/tlog-proof@v1\nindex ${index}\n${path.map((hash) => `${hash.toString('base64')}\n`).join('')}\n${note}`;
const typeOf = (kind) => `application/vnd.trailhouse.${kind}+json`;
const CERTIFICATES = 'settings/certificates';
async function certified({ source, manifest }, name, kind) {
  const { type, payload, signature } = opened(await whole(source, name));
  const keys = list(manifest, 'keys', 'certificates').map((key) => base64(String(key)));
  const isGenuine = type === typeOf(kind) && keys.some((key) => isSigned(signed(type, payload), signature, key));
  return isGenuine ? parsed(payload.toString()) : undefined;
}
async function checkErasures(run) {
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
async function checkCertificates(run) {
  const { source, manifest, wrong, counts, notes, erased } = run;
  await checkErasures(run);
  for (const name of source.names.filter((one) => one.startsWith(CERTIFICATES) && one.endsWith('.json'))) {
    if (erased.has(name.slice(CERTIFICATES.length + 1, -'.json'.length))) continue;
    const said = await certified(run, name, 'deletion');
    if (text(said, 'certificate') !== name.slice(CERTIFICATES.length + 1, -'.json'.length))
      notes.push(`${name} is signed by no key for certificates of this bundle, and counts for nothing`);
    else if (text(said, 'stored_in').startsWith('events')) counts.certified += number(said, 'rows');
  }
  if (counts.due > 0) notes.push(`${counts.due} events are past their deadline, the signer says: their leaves alone are shown`);
  if (text(manifest, 'request', 'scope') !== '') notes.push(`${counts.gone} leaves between the rows lie outside the scope: the signer says so, no tree can`);
  else if (counts.gone > counts.certified) wrong('ledger', `${counts.gone} leaves between the rows are gone, certificates account for ${counts.certified}`);
  else if (counts.gone > 0) notes.push(`${counts.gone} leaves between the rows were deleted under certificates`);
}
function opened(bytes) {
  const envelope = parsed(bytes.toString());
  const signature = base64(text(list(envelope, 'signatures')[0], 'sig'));
  return { type: text(envelope, 'payloadType'), payload: base64(text(envelope, 'payload')), signature };
}
// ---- Nothing left out: what accounting statements that follow one another leave open (docs/ledger.md)
const RANGE = /^range (\d+) (\d+) accepted \d+ skipped \d+ quarantined \d+ absent \d+ events (\d+) sealed (\d+)$/;
function account(statement, raw) {
  let standing = { first: undefined, next: 0, waiting: 0, holes: [] };
  const hole = (words) => void standing.holes.push(`HOLE ${words}`);
  for (const line of statement) {
    const [word = '', name = '', ...rest] = line.split(' ');
    const [first = 0, next = 0, events = 0, sealed = 0] = RANGE.exec(line)?.slice(1).map(Number) ?? [];
    if (word === 'raw') {
      standing = raw.get(name) ?? { first: undefined, next: 0, waiting: 0, holes: [] };
      standing.waiting = 0;
      raw.set(name, standing);
    } else if (word === 'range' && next > first) {
      const [end, isOpen] = [standing.next, standing.first !== undefined && standing.next !== first];
      if (isOpen) hole(`${Math.min(end, first)} to ${Math.max(end, first)} not accounted for`);
      if (events !== sealed) hole(`${first} to ${next}: ${events} events promised, ${sealed} in the tree`);
      [standing.first, standing.next] = [standing.first ?? first, next];
    } else if (word === 'unaccounted') hole(`${name}: ${rest[0]} messages that no account promised`);
    else if (word === 'waiting') standing.waiting += Number(rest[0]) * Number(rest[1]);
    else if (!/^(accepted|skipped|quarantined|absent)$/.test(word)) throw new RangeError('holds a line that is none');
  }
}
function accountText(name, { first, next, waiting, holes }) {
  const missing = [...holes, ...(waiting > 0 ? [`${waiting} events in the tree are not accounted for yet`] : [])];
  const whole = first === undefined ? [] : [`nothing missing between ${first} and ${next}`];
  return (missing.length === 0 ? whole : missing).map((words) => `raw ${name}: ${words}`);
}
// ---- What an event's bytes say: Avro 1.12 binary, by the schema beside them
function take(cursor, length) {
  if (!(length >= 0 && cursor.at + length <= cursor.bytes.length)) throw new RangeError('its bytes are cut short');
  cursor.at += length;
  return cursor.bytes.subarray(cursor.at - length, cursor.at);
}
function long(cursor) {
  let [sum, weight, byte] = [0, 1, 128];
  for (; byte > 127; weight *= 128) {
    byte = take(cursor, 1)[0] ?? 0;
    sum += (byte & 127) * weight;
  }
  return sum % 2 === 0 ? sum / 2 : -(sum + 1) / 2;
}
const LAYOUTS = new Map([[1, 'tnnsnnnnssnsnnsssstt']]);
const instant = (micros) => `${new Date(Math.floor(micros / 1e6) * 1e3).toISOString().slice(0, 19)}.${String(((micros % 1e6) + 1e6) % 1e6).padStart(6, '0')}Z`;
function read(bytes, layout) {
  const cursor = { bytes, at: 0 };
  const text = () => take(cursor, long(cursor));
  const one = (kind) => (kind === 't' ? decoded(text(), 'its bytes') : kind === 's' ? text().length : long(cursor));
  return [...layout].map(one);
}
function publicWords(bytes) {
  const layout = LAYOUTS.get(read(bytes, 'tn')[1]);
  if (layout === undefined) throw new RangeError('is of a schema that this verifier does not know');
  const said = read(bytes, layout);
  return { event_id: said[0], occurred_at: instant(Number(said[10])), action: said[18], outcome: said[19] };
}
const actorIn = (bytes) => read(bytes, 'tt').findLast((one) => one !== '') ?? '';
const keysOf = (manifest) => list(manifest, 'keys', 'ledger').map(String);
const LINE = 'kind,index,offset,event_id,occurred_at,action,outcome,actor';
async function checkAccounts(run, partition, rows) {
  const file = `ledger/${partition}/accounting.jsonl`;
  const raw = new Map();
  let [line, start, size] = [0, 0, 0];
  for await (const words of lines(run.source, file)) {
    line++;
    const [note = '', statement = ''] = ['checkpoint', 'statement'].map((name) => text(parsed(words), name));
    const head = JSON.stringify({ checkpoint: note, statement }) === words ? openCheckpoint(note, keysOf(run.manifest), partition) : undefined;
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
  if (start > (rows[0]?.index ?? 0) || size <= (rows.at(-1)?.index ?? -1)) run.wrong(file, 'does not reach over the events of the bundle');
  run.notes.push(...[...raw].flatMap(([name, standing]) => accountText(name, standing)));
}
function readEvent(line, { manifest }) {
  const said = parsed(line);
  const [leaf, kind, index] = [base64(text(said, 'leaf')), text(said, 'kind'), number(said, 'index')];
  if (!isRecord(said) || JSON.stringify(said) !== line || leaf.length !== 32 || !Number.isSafeInteger(index) || index < 0) throw new RangeError('is no event');
  const isErased = at(said, 'erased') === true;
  const isOpen = text(manifest, 'request', 'profile') === 'full' && kind === 'row' && !isErased;
  const form = `${LINE}${isErased ? ',erased,certificate' : ''},leaf,public,inner${isOpen ? ',personal,salt' : ''}`;
  if (Object.keys(said).join() !== (kind === 'due' ? 'kind,index,offset,leaf' : form)) throw new RangeError('has other fields than an event of this profile');
  const found = { index, leaf: leaf.toString('latin1'), said };
  if (kind === 'due') return found;
  const [open, inner, salt, own] = ['public', 'inner', 'salt', 'personal'].map((name) => base64(text(said, name)));
  if (open === undefined || inner?.length !== 32 || !sha256(Buffer.of(0), open, inner).equals(leaf)) throw new RangeError('its bytes do not make its leaf');
  if (isOpen && (own === undefined || salt?.length !== 16 || !sha256(salt, own).equals(inner)))
    throw new RangeError('its personal bytes do not make their hash');
  const words = { ...publicWords(open), ...(isOpen && own !== undefined ? { actor: actorIn(own) } : {}) };
  for (const [name, one] of Object.entries(words)) if (one !== at(said, name)) throw new RangeError(`${name} is not what its bytes say`);
  const [from, to] = ['from', 'to'].map((name) => text(manifest, 'request', name).slice(0, 19));
  const isInWindow = from !== undefined && to !== undefined && text(said, 'occurred_at') >= from && text(said, 'occurred_at') < to;
  if (kind !== (isInWindow ? 'row' : 'between')) throw new RangeError(`occurred_at makes it no ${kind}`);
  return found;
}
async function readEvents(run, file, most) {
  const rows = [];
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
        const under = run.erased.get(text(said, 'certificate')) ?? new Map();
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
async function checkTree(run, said) {
  const { source, manifest, wrong, notes, pins } = run;
  const [partition, most] = [number(said, 'partition'), number(said, 'lines')];
  const [folder, file] = [`ledger/${partition}`, `events/${partition}.jsonl`];
  run.wanted = undefined;
  const rows = await readEvents(run, file, most);
  const head = async (name) => {
    const found = openCheckpoint((await whole(source, `${folder}/${name}`)).toString(), keysOf(manifest), partition);
    if (found === undefined) throw new Unreadable(`${folder}/${name} is signed by none of the ledger’s keys`);
    if (![undefined, found.fingerprint].includes(pins.ledger?.toLowerCase()))
      wrong(`${folder}/${name}`, `is signed by ${found.fingerprint}, not by the key of the ledger that was named`);
    return found;
  };
  const hashes = async (name) => {
    const bytes = await whole(source, `${folder}/${name}`, 32 * 64 * (rows.length + 1));
    return Array.from({ length: Math.ceil(bytes.length / 32) }, (_, row) => bytes.subarray(row * 32, row * 32 + 32));
  };
  const [first, last, path] = [await head('checkpoint.first'), await head('checkpoint'), []];
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
// ---- CSV: a spreadsheet must not run what a hostile prompt wrote (ASVS 5.0, 1.2.10)
const FORMULA = /^[=+\-@\t\r\n\0＝＋－＠]/;
const csvLine = (cells) => `${cells.map(csvCell).join(',')}\r\n`;
function csvCell(value) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const words = typeof value === 'string' ? value : JSON.stringify(value);
  return `"${(FORMULA.test(words) ? `'${words}` : words).replaceAll('"', '""')}"`;
}
// ---- The form of a bundle: what its manifest says of itself, and which files there can be
const FORMAT = 'trailhouse.evidence/1';
const TIME = /^\d{4}-(0\d|1[0-2])-[0-3]\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
const OTHERS =
  /^(request\.json|summary\.html|README\.txt|verify\.mjs|settings\/retention\.json|settings\/certificates\/[0-9a-f-]{36}\.(json|events\.csv)|schemas\/audit-event\.v[1-9]\d{0,3}\.avsc|controls\/[\w.-]+\/README\.txt|oscal\/assessment-results\.json)$/;
function manifestFaults(manifest) {
  const [request, trees] = [at(manifest, 'request'), list(manifest, 'ledger').map((tree) => number(tree, 'partition'))];
  const paths = list(manifest, 'questions').map((question) => text(question, 'path'));
  const checks = [
    [at(manifest, 'format') === FORMAT, `is not of the format ${FORMAT}`],
    [at(manifest, 'time_zone') === 'UTC', 'its time zone is not UTC'],
    [['from', 'to', 'asked_at'].every((name) => TIME.test(text(request, name))), 'its times are not UTC in whole seconds'],
    [text(request, 'from') < text(request, 'to'), 'its period does not end after it begins'],
    [['masked', 'full'].includes(text(request, 'profile')), 'its profile is neither masked nor full'],
    [trees.every((one, place) => Number.isSafeInteger(one) && one > (trees[place - 1] ?? -1)), 'its partitions are not in order'],
    [new Set(paths).size === paths.length && paths.every((one) => /^questions\/[a-z0-9-]+$/.test(one)), 'its questions are not each there once'],
  ];
  return checks.flatMap(([holds, reason]) => (holds ? [] : [reason]));
}
const LEDGER = ['checkpoint', 'checkpoint.first', 'accounting.jsonl', 'rows.hashes', 'consistency.hashes'];
const QUESTION = ['rows.jsonl', 'rows.csv', 'query.sql', 'question.json'];
function filesOf(manifest) {
  const trees = list(manifest, 'ledger').map((tree) => text(tree, 'partition'));
  const asked = list(manifest, 'questions').map((question) => text(question, 'path'));
  const ofTrees = trees.flatMap((one) => [`events/${one}.jsonl`, ...LEDGER.map((name) => `ledger/${one}/${name}`)]);
  return new Set([...ofTrees, ...asked.flatMap((path) => QUESTION.map((name) => `${path}/${name}`))]);
}
async function checkFiles({ source, manifest, wrong }, told) {
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
    else if (![undefined, text(file, 'packed')].includes(await source.packed?.(name))) wrong(name, 'was altered as it is packed');
  }
  for (const name of source.names) if (!listed.has(name)) wrong(name, 'is not in the manifest');
}
async function checkQuestion({ source, wrong, counts, ids, notes }, question) {
  const [json, csv] = [`${text(question, 'path')}/rows.jsonl`, `${text(question, 'path')}/rows.csv`];
  const columns = list(question, 'columns').map(String);
  const told = lines(source, csv)[Symbol.asyncIterator]();
  const isNext = async (cells) => {
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
  if (strangers > 0 && at(question, 'of_events') === true) wrong(json, `${strangers} rows name events not in this bundle`);
  else if (strangers > 0) notes.push(`${json}: ${strangers} rows name events that lie outside this bundle`);
}
const [SHOWN, MOST_PROBLEMS] = [50, 1_000];
const NAME = /^(?:[A-Za-z0-9][A-Za-z0-9._-]*\/)*[A-Za-z0-9][A-Za-z0-9._-]*$/;
export async function openFolder(path) {
  const found = await readdir(path, { recursive: true });
  const names = found.map((name) => name.replaceAll('\\', '/')).filter((name) => !lstatSync(`${path}/${name}`).isDirectory());
  for (const name of names) if (!lstatSync(`${path}/${name}`).isFile()) throw new Unreadable(`${name}: is no plain file`);
  return { names: checkedNames(names), stream: (name) => createReadStream(`${path}/${name}`) };
}
export function checkedNames(names) {
  const seen = new Set();
  for (const name of names) {
    if (!NAME.test(name)) throw new Unreadable(`${JSON.stringify(name)}: is no name of a file in a bundle`);
    if (seen.has(name.toLowerCase())) throw new Unreadable(`${name}: is there twice, or differs from another in case alone`);
    seen.add(name.toLowerCase());
  }
  return names;
}
export function envelopeText(payload, keyid, signature) {
  const [said, sig] = [payload.toString('base64'), signature.toString('base64')];
  return `${JSON.stringify({ payloadType: typeOf('evidence'), payload: said, signatures: [{ keyid, sig }] })}\n`;
}
export const sealedBytes = (payload) => signed(typeOf('evidence'), payload);
export async function verifyBundle(source, pins = {}, told = (_) => {}) {
  const [problems, notes] = [[], []];
  const wrong = (file, reason, row) => void (problems.length < MOST_PROBLEMS && problems.push({ file, reason, ...(row === undefined ? {} : { row }) }));
  const guarded = (place, check) => check.catch((error) => wrong(place, wordsOf(error)));
  const sealed = await whole(source, 'manifest.dsse.json');
  const { payload, signature } = opened(sealed);
  const manifest = parsed(payload.toString());
  const spki = base64(text(manifest, 'signing_key'));
  const fingerprint = sha256(spki).toString('hex');
  // One way to write it: a bit that means nothing to a parser is turned no less.
  const isGenuine = sealed.equals(Buffer.from(envelopeText(payload, fingerprint, signature))) && isSigned(sealedBytes(payload), signature, spki);
  if (!isGenuine) wrong('manifest.dsse.json', 'its signature does not fit what it says: nothing else was looked at');
  if (![undefined, fingerprint].includes(pins.key?.toLowerCase())) wrong('manifest.dsse.json', `is signed by ${fingerprint}, not by the key that was named`);
  const counts = { rows: 0, events: 0, erased: 0, due: 0, certified: 0, gone: 0 };
  const maps = { ids: new Set(), erased: new Map(), ledgers: [] };
  const run = { source, manifest, pins, counts, notes, ...maps, wrong };
  if (isGenuine) {
    if (!payload.equals(await whole(source, 'manifest.json'))) wrong('manifest.json', 'says other than what was signed');
    await guarded('manifest.json', checkFiles(run, told));
    for (const tree of list(manifest, 'ledger')) await guarded(`ledger/${text(tree, 'partition')}`, checkTree(run, tree));
    for (const question of list(manifest, 'questions')) await guarded(text(question, 'path'), checkQuestion(run, question));
    await guarded(CERTIFICATES, checkCertificates(run));
    if (counts.events !== number(manifest, 'events')) wrong('manifest.json', 'says another number of events than there are');
  }
  const verdict = problems.length === 0 ? 'genuine' : 'altered';
  const counted = { files: source.names.length, rows: counts.rows, events: counts.events, erased: counts.erased };
  const said = { request: at(manifest, 'request'), counted, ledgers: run.ledgers, notes, problems };
  const proof = run.proof === undefined ? {} : { proof: run.proof };
  return { verdict, pinned: pins.key !== undefined, fingerprint, ...said, ...proof };
}
export function reportText(report, pins = {}) {
  const { verdict, pinned, fingerprint, request, counted, ledgers, notes, problems } = report;
  const how = (isPinned) => (isPinned ? ', the key that was named' : ': NOT PINNED; compare it with what the signer published');
  const out = [
    `${verdict.toUpperCase()}: evidence for ${['framework', 'from', 'to'].map((name) => text(request, name)).join(' ')}`,
    `${counted.files} files, ${counted.rows} rows, ${counted.events} events in the signed tree, ${counted.erased} erased`,
    `signed by ${fingerprint}${how(pinned)}`,
    ...ledgers.map((one) => `ledger ${one.origin} signed at ${one.signed_at} by ${one.fingerprint}${how(pins.ledger !== undefined)}`),
    ...notes.map((note) => `note: ${note}`),
    ...problems.slice(0, SHOWN).map((one) => `WRONG ${one.file}${one.row === undefined ? '' : `, line ${one.row}`}: ${one.reason}`),
    ...(problems.length > SHOWN ? [`and ${problems.length - SHOWN} more`] : []),
  ];
  // A bundle's words must not begin a line of ours, nor turn one around.
  return out.map((line) => `${line.replace(/\p{C}|\u2028|\u2029/gu, '?')}\n`).join('');
}
async function main(args) {
  const word = { type: 'string' };
  const options = { key: word, ledger: word, proof: word, json: { type: 'boolean' } };
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const areKeys = [values.key, values.ledger].every((one) => /^[0-9a-f]{64}$/i.test(one ?? '0'.repeat(64)));
    const [path] = positionals;
    if (path === undefined || positionals.length > 1 || !areKeys)
      throw new Unreadable('usage: node verify.mjs FOLDER [--key FINGERPRINT] [--ledger FINGERPRINT] [--proof EVENT] [--json]');
    const report = await verifyBundle(await openFolder(path), values);
    const said = values.json === true ? `${JSON.stringify(report)}\n` : reportText(report, values);
    process[values.proof === undefined ? 'stdout' : 'stderr'].write(said);
    if (report.verdict !== 'genuine') return 1;
    if (values.proof !== undefined && report.proof === undefined) throw new Unreadable(`no event ${values.proof} in this bundle`);
    process.stdout.write(report.proof ?? '');
    return 0;
  } catch (error) {
    process.stderr.write(`${wordsOf(error)}\n`);
    return 2;
  }
}
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
