import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { versions } from '../codec/schemas.ts';
import { nodesOf } from '../ledger/tiles.ts';
import { consistencyProof } from '../ledger/tree.ts';
import type { Framework } from './controls/control.ts';
import { frameworks } from './controls/index.ts';
import { type Counts, eventLines, NEXT, newCounts } from './events.ts';
import { FORMAT } from './form.ts';
import { type Asked, fingerprintOf, seal } from './manifest.ts';
import { subtreesBetween } from './multiproof.ts';
import { assessmentResults } from './oscal.ts';
import type { Extent, Parts, Told, Tree } from './parts.ts';
import { askInto } from './questions.ts';
import { controlText, readme } from './readme.ts';
import { CannotBuild } from './refusal.ts';
import type { Request } from './request.ts';
import { summaryHtml } from './summary.ts';
import { type Written, Zip } from './zip.ts';

export interface Built {
  readonly events: number;
  /** SHA-256 of manifest.json: names the bundle on the trail. */
  readonly manifest: string;
  readonly fingerprint: string;
}

interface Building {
  readonly zip: Zip;
  readonly parts: Parts;
  readonly request: Request;
  readonly framework: Framework;
  readonly files: Written[];
  readonly spool: string;
}

interface Sealed {
  readonly partition: number;
  readonly size: number;
  readonly lines: number;
}

/** Made of verify.ts by generate.ts. */
const VERIFIER = new URL('generated/verify.mjs', import.meta.url);

/**
 * Writes a bundle to a file that does not exist yet. The same store, checkpoint and request make the same bytes: the order of
 * files is fixed, and no clock, host or chance is in them.
 */
export async function buildBundle(path: string, request: Request, parts: Parts, told: Told): Promise<Built> {
  const framework = frameworks.find(({ name }) => name === request.framework);
  if (framework === undefined) throw new RangeError(`no framework ${request.framework}`);
  const zip = await Zip.create(path);
  try {
    const building: Building = { zip, parts, request, framework, files: [], spool: `${path}.rows` };
    await put(building, 'request.json', json(request));
    const counts = newCounts();
    const ledger = await putEvents(building, counts, told);
    const asked = await putQuestions(building);
    await putSettings(building);
    await putErasures(building, counts.certificates);
    await putPages(building, { counts, asked, ledger });
    const manifest = seal(
      {
        format: FORMAT,
        request,
        extractor: { name: 'trailhouse', version: parts.version },
        time_zone: 'UTC',
        events: counts.events,
        ledger,
        questions: asked,
        keys: {
          ledger: parts.ledgerKeys,
          certificates: parts.certificateKeys.map((key) => Buffer.from(key).toString('base64')),
        },
        files: building.files.map(listed),
      },
      parts.key,
    );
    await zip.store('manifest.json', manifest.plain);
    await zip.store('manifest.dsse.json', manifest.sealed);
    await zip.end();
    const digest = createHash('sha256').update(manifest.plain).digest('hex');
    return { events: counts.events, manifest: digest, fingerprint: fingerprintOf(parts.key) };
  } catch (error) {
    await zip.abandon();
    throw error;
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const listed = ({ name, size, sha256, packedSha256 }: Written) => ({
  path: name,
  bytes: size,
  sha256,
  packed: packedSha256,
});

async function put({ zip, files }: Building, name: string, content: string | AsyncIterable<Uint8Array>): Promise<void> {
  files.push(await zip.add(name, typeof content === 'string' ? [Buffer.from(content)] : content));
}

async function putEvents(building: Building, counts: Counts, told: Told): Promise<readonly Sealed[]> {
  const extents = await building.parts.events.extents();
  const total = extents.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  let done = 0;
  const sealed: Sealed[] = [];
  for (const extent of extents)
    sealed.push(
      await putPartition(building, extent, counts, (offsets) => {
        done += offsets;
        told(done, total);
      }),
    );
  return sealed;
}

async function putPartition(
  building: Building,
  extent: Extent,
  counts: Counts,
  told: (offsets: number) => void,
): Promise<Sealed> {
  const { parts, request } = building;
  const tree = await parts.tree(extent);
  if (tree === undefined)
    throw new CannotBuild(`audit partition ${extent.partition} is not sealed up to offset ${extent.last} yet: ${NEXT}`);
  const { partition } = extent;
  const indices: number[] = [];
  const isFull = request.profile === 'full';
  await put(building, `events/${partition}.jsonl`, eventLines(parts, { extent, tree, isFull, counts, indices, told }));
  const folder = `ledger/${partition}`;
  await put(building, `${folder}/checkpoint`, tree.checkpoint);
  await put(building, `${folder}/checkpoint.first`, tree.firstCheckpoint);
  await put(building, `${folder}/accounting.jsonl`, accountLines(tree));
  await put(building, `${folder}/rows.hashes`, subtreesBetween(indices, tree.tiles, tree.size));
  const proof = await consistencyProof(nodesOf(tree.tiles, tree.size), tree.firstSize, tree.size);
  building.files.push(await building.zip.add(`${folder}/consistency.hashes`, proof));
  return { partition, size: tree.size, lines: indices.length };
}

async function putQuestions({ zip, parts, request, framework, files, spool }: Building): Promise<readonly Asked[]> {
  const names = new Set(framework.controls.flatMap(({ questions }) => questions));
  const asked: Asked[] = [];
  for (const name of [...names].sort()) {
    const question = parts.questions.find((known) => known.name === name);
    if (question === undefined) throw new RangeError(`${framework.name} asks ${name}, which is no question`);
    const answer = await askInto(zip, question, request, parts, spool);
    asked.push(answer.asked);
    files.push(...answer.files);
  }
  return asked;
}

async function putSettings(building: Building): Promise<void> {
  await put(building, 'settings/retention.json', json(building.parts.settings));
  for (const { certificate, text } of await building.parts.certificates())
    await put(building, `settings/certificates/${certificate}.json`, text);
  for (const { name, version, json: schema } of versions())
    if (name === 'audit-event') await put(building, `schemas/${name}.v${version}.avsc`, json(JSON.parse(schema)));
}

/** Events whose certificate nobody knows stay without one: whoever verifies the bundle is told. */
async function putErasures(building: Building, certificates: ReadonlySet<string>): Promise<void> {
  for (const id of [...certificates].filter((one) => one !== '').sort()) {
    const found = await building.parts.erasure(id);
    if (found === undefined)
      throw new CannotBuild(`erasure ${id} is under way: build again when its certificate is signed and stored`);
    await put(building, `settings/certificates/${id}.json`, found.text);
    await put(building, `settings/certificates/${id}.events.csv`, bytesOf(found.lines()));
  }
}

async function* bytesOf(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const line of lines) yield Buffer.from(line);
}

async function* accountLines(tree: Tree): AsyncGenerator<Buffer> {
  for await (const { checkpoint, statement } of tree.accounts())
    yield Buffer.from(`${JSON.stringify({ checkpoint, statement })}\n`);
}

interface Answered {
  readonly counts: Counts;
  readonly asked: readonly Asked[];
  readonly ledger: readonly Sealed[];
}

async function putPages(building: Building, { counts, asked, ledger }: Answered): Promise<void> {
  const { parts, request, framework, files } = building;
  const fingerprint = fingerprintOf(parts.key);
  const around = { framework, request, version: parts.version, asked };
  for (const control of framework.controls)
    await put(building, `controls/${control.id}/README.txt`, controlText(control, asked));
  await put(building, 'summary.html', summaryHtml({ ...around, counts, fingerprint, trees: ledger }));
  await put(building, 'oscal/assessment-results.json', assessmentResults({ ...around, files: files.map(listed) }));
  await put(building, 'README.txt', readme(request, fingerprint));
  await put(building, 'verify.mjs', await readFile(VERIFIER, 'utf8'));
}
