import { account, accountText } from './accounts.ts';
import { at, base64, isRecord, list, number, parsed, text } from './json.ts';
import { lines, Unreadable, whole, wordsOf } from './lines.ts';
import type { Checkpoint, Json, Row, Run, Standing } from './report.ts';
import { isConsistent, openCheckpoint, proofText, rootOf, sha256 } from './trees.ts';
import { actorIn, publicWords } from './words.ts';

const keysOf = (manifest: Json | undefined): readonly string[] => list(manifest, 'keys', 'ledger').map(String);
const LINE = 'kind,index,offset,event_id,occurred_at,action,outcome,actor';

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

export async function checkTree(run: Run, said: Json): Promise<void> {
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
