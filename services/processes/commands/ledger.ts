import type { Answer } from '../../console/desk.ts';
import { type LedgerDesk, remoteLedger } from '../../console/ledger.ts';
import { isListening } from '../../console/socket.ts';
import { silent } from '../../core/logger.ts';
import { readEventId } from '../../core/origin.ts';
import { completeness } from '../../ledger/completeness.ts';
import { writeProof } from '../../ledger/proof.ts';
import { nodesOf } from '../../ledger/tiles.ts';
import { inclusionProof } from '../../ledger/tree.ts';
import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import { ConfigError } from '../config-error.ts';
import { openLog, openStore, paths, requirePipeline } from '../open.ts';
import { writeKeyPair } from '../retain/key.ts';
import { openLedgerDesk } from '../seal/desk.ts';
import { findLeaf } from '../seal/find-leaf.ts';
import { type LedgerKeys, openLedgerKeys } from '../seal/keys.ts';
import { type Ledger, openLedger } from '../seal/read.ts';
import { type Report, report } from '../seal/report.ts';
import { asker, show, taken } from './answers.ts';
import { EXIT, Failure } from './exit.ts';
import type { Globals } from './globals.ts';
import { type Progress, progress } from './progress.ts';
import { jsonLines, neutralLines } from './render.ts';
import { settings } from './settings.ts';

/** `trailhouse ledger verify [--from TIME] [--to TIME]` */
export async function verify(
  globals: Globals,
  { from = '', to = '' }: { readonly from?: string; readonly to?: string },
): Promise<number> {
  for (const [name, time] of Object.entries({ from, to }))
    if (time !== '' && Number.isNaN(Date.parse(time)))
      throw new Failure(`--${name}: is no time: write 2026-03-04 or 2026-03-04T09:15:00Z`, EXIT.usage);
  if (Date.parse(from) >= Date.parse(to)) throw new Failure('--to: must lie after --from', EXIT.usage);
  const config = await settings(globals);
  const bar = new Bar();
  const answer = await withLedger(config, (desk) => desk.verify({ from, to }, asker, (done, all) => bar.to(done, all)));
  bar.end();
  const found = report.parse(JSON.parse(taken(answer)));
  if (globals.json === true) process.stdout.write(jsonLines([found]));
  else print(found, globals);
  return found.verdict === 'verified' ? EXIT.ok : EXIT.found;
}

/** A bar that begins again when it learns that there is more to do. */
class Bar {
  #bar: Progress | undefined;
  #done = 0;
  #total = 0;

  to(done: number, total: number): void {
    if (total !== this.#total) {
      this.end();
      this.#bar = progress('events', total);
      this.#done = 0;
    }
    this.#bar?.advance(done - this.#done);
    [this.#done, this.#total] = [done, total];
  }

  end(): void {
    this.#bar?.end();
  }
}

/** Asks the process that runs beside, where one does, and otherwise looks itself. */
async function withLedger(config: Config, use: (desk: LedgerDesk) => Promise<Answer>): Promise<Answer> {
  const { socket } = paths(config);
  if (await isListening(socket)) return use(remoteLedger(socket));
  requirePipeline(config);
  const clickhouse = await openStore(config);
  const log = await openLog(config, { clock: systemClock, logger: silent });
  try {
    return await use(openLedgerDesk({ config, clickhouse, log }));
  } finally {
    await log.close();
    await clickhouse.close();
  }
}

function print(found: Report, globals: Globals): void {
  const { verdict, partitions, bases, certificates_refused, unsealed } = found;
  show(
    partitions.map(({ faults, erased, erasing, deleted, ...counts }) => ({
      ...counts,
      ...{ erased: sum(erased), erasing: sum(erasing), deleted: sum(deleted) },
    })),
    globals,
  );
  for (const { partition, erased, erasing, deleted } of partitions) {
    const say = (events: number, what: string) =>
      process.stdout.write(`audit partition ${partition}: ${events} events ${what}\n`);
    for (const [certificate, count] of Object.entries(deleted)) say(count, `deleted under certificate ${certificate}`);
    for (const [certificate, count] of Object.entries(erased))
      say(count, `erased under certificate ${certificate} (${neutralLines(bases[certificate] ?? '')})`);
    for (const [certificate, count] of Object.entries(erasing))
      say(count, `being erased; certificate ${certificate} is not signed yet`);
  }
  for (const { kind, event, partition, audit_offset, why } of partitions.flatMap(({ faults }) => faults))
    process.stdout.write(`${kind}: event ${event}, audit.events/${partition}/${audit_offset}: ${why}\n`);
  for (const reason of certificates_refused) process.stdout.write(`certificate that does not count: ${reason}\n`);
  for (const partition of unsealed) process.stdout.write(`audit partition ${partition} has events and no ledger\n`);
  process.stderr.write(`${VERDICTS[verdict]}\n`);
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, count) => all + count, 0);

const VERDICTS = {
  verified: 'what is stored is what was signed',
  faults: 'what is stored is NOT what was signed',
  nothing: 'nothing was looked at: there is no ledger here, or nothing of it was signed in that time',
} as const;

/** `trailhouse ledger status`: what is signed, and what it accounts for since the checkpoint before. Needs no store. */
export async function status(globals: Globals): Promise<number> {
  const { ledger } = await opened(globals);
  const rows = [];
  for (const partition of await ledger.partitions()) {
    const newest = await ledger.checkpoint(partition);
    if (newest === undefined) continue;
    const shown = completeness([await ledger.statement(partition, newest)]);
    const holes = shown.reduce((sum, one) => sum + one.holes.length, 0);
    const { origin, size, root, firstOffset: first_offset, lastOffset: last_offset, signedAt: signed_at } = newest;
    rows.push({ origin, size, root: Buffer.from(root).toString('hex'), first_offset, last_offset, signed_at, holes });
  }
  show(rows, globals);
  return EXIT.ok;
}

/** `trailhouse ledger proof EVENT`: the inclusion proof of an event, deleted or not. Needs no store. */
export async function proof(globals: Globals, event: string): Promise<number> {
  if (readEventId(event) === undefined) throw new Failure(`${event.slice(0, 40)} is no event id`, EXIT.usage);
  const { ledger } = await opened(globals);
  const found = await findLeaf(ledger, event);
  if (found === undefined) throw new Failure('no signed tree holds this event: it may not be signed yet');
  const { index, checkpoint, partition } = found;
  const hashes = await inclusionProof(nodesOf(ledger.tiles(partition), checkpoint.size), index, checkpoint.size);
  process.stdout.write(writeProof({ index, hashes, checkpoint: checkpoint.note }));
  return EXIT.ok;
}

/** `trailhouse ledger keys`: what verifiers are handed, by another way than what they verify. */
export async function keys(globals: Globals): Promise<number> {
  const { known, signer } = (await opened(globals)).keys;
  show(
    known.map(({ name, id, vkey, fingerprint }) => ({
      ...{ name, id, fingerprint, signs: id === signer.verifier.id ? 'now' : 'formerly' },
      vkey,
    })),
    globals,
  );
  return EXIT.ok;
}

/** `trailhouse ledger keygen FILE` */
export async function keygen(_: Globals, file: string): Promise<number> {
  const { publicFile } = await writeKeyPair(file);
  process.stderr.write(`${file}: keep it secret and name it as ledger.signing_key; hand out ${publicFile}\n`);
  return EXIT.ok;
}

async function opened(globals: Globals): Promise<{ readonly ledger: Ledger; readonly keys: LedgerKeys }> {
  const config = await settings(globals);
  const found = await openLedgerKeys(config.ledger);
  if (found === undefined) throw new ConfigError('no key signs checkpoints: name one as `ledger.signing_key`');
  return { ledger: openLedger(paths(config).ledger, found.known), keys: found };
}
