import { base64, list, number, parsed, text } from './json.ts';
import { digestOf, lines, whole } from './lines.ts';
import type { Json, Run } from './report.ts';
import { isSigned, signed } from './trees.ts';

export const typeOf = (kind: string): string => `application/vnd.trailhouse.${kind}+json`;
export const CERTIFICATES = 'settings/certificates';

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
export async function checkCertificates(run: Run): Promise<void> {
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

export function opened(bytes: Buffer): { readonly type: string; readonly payload: Buffer; readonly signature: Buffer } {
  const envelope = parsed(bytes.toString());
  const signature = base64(text(list(envelope, 'signatures')[0], 'sig'));
  return { type: text(envelope, 'payloadType'), payload: base64(text(envelope, 'payload')), signature };
}
