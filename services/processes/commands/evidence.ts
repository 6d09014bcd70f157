import { resolve } from 'node:path';
import type { Answer } from '../../console/desk.ts';
import { type EvidenceDesk, type EvidenceOrder, remoteEvidence } from '../../console/evidence.ts';
import { isListening } from '../../console/socket.ts';
import { silent } from '../../core/logger.ts';
import { frameworks } from '../../evidence/controls/index.ts';
import type { Pins, Report, Source } from '../../evidence/report.ts';
import { openFolder, reportText, verifyBundle } from '../../evidence/verify.ts';
import { openZip } from '../../evidence/zip-source.ts';
import { systemClock } from '../clock.ts';
import { type Config, readConfig } from '../config.ts';
import { openEvidence } from '../evidence/build.ts';
import { openKeyring, openLog, openStore, paths, requirePipeline, withDesk } from '../open.ts';
import { readToken } from '../operators.ts';
import { writeKeyPair } from '../retain/key.ts';
import { asker, rowsOf, show, taken } from './answers.ts';
import { EXIT, Failure } from './exit.ts';
import type { Globals } from './globals.ts';
import type { Token } from './operators.ts';
import { type Progress, progress } from './progress.ts';
import { jsonLines } from './render.ts';
import { settings } from './settings.ts';

export type BuildOptions = Token & {
  readonly framework: string;
  readonly from: string;
  readonly to: string;
  readonly scope?: string;
  readonly profile: 'masked' | 'full';
  readonly purpose: string;
  readonly out: string;
  readonly parquet?: boolean;
};

/** `trailhouse evidence build --framework … --from … --to … --purpose … --out FILE` */
export async function build(globals: Globals, given: BuildOptions): Promise<number> {
  const config = await settings(globals);
  const token = await readToken(given.operatorTokenFile, process.env);
  const { framework, from, to, scope = '', profile, purpose, parquet = false } = given;
  const order: EvidenceOrder = { framework, from, to, scope, profile, purpose, parquet, out: resolve(given.out) };
  const bar = new Bar();
  const answer = await withEvidence(config, (desk) =>
    desk.build(order, token, asker, (done, total) => bar.to(done, total)),
  );
  bar.end();
  const { out, events, manifest, fingerprint, checkpoint } = JSON.parse(taken(answer));
  if (globals.json === true) process.stdout.write(jsonLines([{ out, events, manifest, fingerprint, checkpoint }]));
  else {
    process.stdout.write(`${out}\n`);
    process.stderr.write(`checkpoint: ${checkpoint}\n`);
    process.stderr.write(`${events} events; signed by ${fingerprint}: tell the auditor by another way than the file\n`);
  }
  return EXIT.ok;
}

/** Asks the process that runs beside, where one does, and otherwise builds here. */
async function withEvidence(config: Config, use: (desk: EvidenceDesk) => Promise<Answer>): Promise<Answer> {
  const { socket } = paths(config);
  if (await isListening(socket)) return use(remoteEvidence(socket));
  requirePipeline(config);
  const clickhouse = await openStore(config);
  const log = await openLog(config, { clock: systemClock, logger: silent });
  try {
    return await use(openEvidence({ config, clickhouse, log, keys: openKeyring(config), clock: systemClock }));
  } finally {
    await log.close();
    await clickhouse.close();
  }
}

/** A bar that learns what there is to do from the first it is told. */
class Bar {
  #bar: Progress | undefined;
  #done = 0;

  to(done: number, total: number): void {
    this.#bar ??= progress('events', total);
    this.#bar.advance(done - this.#done);
    this.#done = done;
  }

  end(): void {
    this.#bar?.end();
  }
}

type Pinned = Pick<Pins, 'key' | 'ledger'>;

/** `trailhouse evidence verify FILE [--key FINGERPRINT] [--ledger FINGERPRINT]`: needs no configuration and no store. */
export async function verify(globals: Globals, file: string, pins: Pinned): Promise<number> {
  const report = await verified(file, pins);
  process.stdout.write(globals.json === true ? jsonLines([{ ...report }]) : reportText(report, pins));
  return report.verdict === 'genuine' ? EXIT.ok : EXIT.found;
}

/** `trailhouse evidence proof FILE EVENT`: the event's own inclusion proof, of a bundle that verifies. */
export async function proof(_: Globals, file: string, event: string, pins: Pinned): Promise<number> {
  const report = await verified(file, { ...pins, proof: event });
  process.stderr.write(reportText(report, pins));
  if (report.verdict !== 'genuine') return EXIT.found;
  if (report.proof === undefined) throw new Failure(`${file}: holds no event ${event}`, EXIT.usage);
  process.stdout.write(report.proof);
  return EXIT.ok;
}

async function verified(file: string, pins: Pins): Promise<Report> {
  for (const name of ['key', 'ledger'] as const)
    if (!/^[0-9a-f]{64}$/i.test(pins[name] ?? '0'.repeat(64)))
      throw new Failure(`--${name}: is no SHA-256 in 64 hex digits`, EXIT.usage);
  const { source, close } = await opened(file);
  const bar = progress('files', source.names.length);
  try {
    return await verifyBundle(source, pins, () => bar.advance(1));
  } catch (error) {
    throw new Failure(`${file}: ALTERED, or no bundle: ${error instanceof Error ? error.message : 'cannot be read'}`);
  } finally {
    bar.end();
    await close();
  }
}

async function opened(file: string): Promise<{ readonly source: Source; close(): Promise<void> }> {
  try {
    const zip = await openZip(file);
    return { source: zip, close: () => zip.close() };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EISDIR') return { source: await openFolder(file), close: async () => {} };
    const words = error instanceof Error ? error.message : 'cannot be read';
    if (code !== undefined) throw new Failure(`${file}: cannot be read (${String(code)})`, EXIT.usage);
    throw new Failure(`${file}: ALTERED, or no bundle: ${words}`);
  }
}

/** `trailhouse evidence list`: the bundles that were built, from the trail. */
export async function list(globals: Globals): Promise<number> {
  const config = readConfig(globals.config, process.env);
  const question = { name: 'bundles', params: {}, format: 'JSONEachRow' };
  show(await withDesk(config, async (desk) => rowsOf(await desk.named(question, asker))), globals);
  return EXIT.ok;
}

/** `trailhouse evidence controls [FRAMEWORK]`: what a bundle shows of each control, and what it does not. */
export async function controls(globals: Globals, wanted: string | undefined): Promise<number> {
  const found = frameworks.filter(({ name }) => wanted === undefined || name === wanted);
  if (found.length === 0)
    throw new Failure(`no framework ${wanted}; there are ${frameworks.map(({ name }) => name).join(', ')}`, EXIT.usage);
  show(
    found.flatMap(({ name, controls: all }) =>
      all.map(({ id, title, questions, unmeasured }) => ({
        ...{ framework: name, control: id, title },
        measured_by: questions.length === 0 ? 'not measured' : questions.join(', '),
        not_measured: unmeasured,
      })),
    ),
    globals,
  );
  return EXIT.ok;
}

/** `trailhouse evidence keygen FILE` */
export async function keygen(_: Globals, file: string): Promise<number> {
  const { publicFile } = await writeKeyPair(file);
  process.stderr.write(`${file}: keep it secret and name it as evidence.signing_key; hand out ${publicFile}\n`);
  return EXIT.ok;
}
