import { isDeepStrictEqual } from 'node:util';
import { csvLine } from './csv.ts';
import { filesOf, manifestFaults, OTHERS } from './form.ts';
import { at, isRecord, list, number, parsed, text } from './json.ts';
import { digestOf, lines, whole } from './lines.ts';
import type { Json, Run } from './report.ts';

/** The files are those of the manifest, no more and no fewer, each with its digest. */
export async function checkFiles({ source, manifest, wrong }: Run, told: (name: string) => void): Promise<void> {
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
export async function checkQuestion({ source, wrong, counts, ids, notes }: Run, question: Json): Promise<void> {
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
