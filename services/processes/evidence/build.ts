import { randomBytes } from 'node:crypto';
import { link, rm, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { ClickHouseFailure } from '../../clickhouse/failure.ts';
import type { Streams } from '../../clickhouse/streams.ts';
import { askForCheckpoint } from '../../console/checkpoint.ts';
import type { Answer, Asker } from '../../console/desk.ts';
import type { EvidenceDesk, EvidenceOrder } from '../../console/evidence.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Store } from '../../core/store.ts';
import { type Built, buildBundle } from '../../evidence/bundle.ts';
import { Unreadable } from '../../evidence/lines.ts';
import { CannotBuild } from '../../evidence/refusal.ts';
import { type Request, request } from '../../evidence/request.ts';
import { verifyBundle } from '../../evidence/verify.ts';
import { openZip } from '../../evidence/zip-source.ts';
import { record } from '../acts.ts';
import { ConfigError } from '../config-error.ts';
import { paths } from '../open.ts';
import { type Operator, operatorOf } from '../operators.ts';
import { Untrusted } from '../seal/shelf.ts';
import { WHOLE, writeParquet } from './parquet.ts';
import { type Around, evidenceParts, PAGES } from './setup.ts';

interface Surroundings extends Around {
  readonly log: Log;
  readonly clock: Clock;
}

/** How long a checkpoint of what there is now is waited for. */
const CHECKPOINT_MS = 30_000;

/** Personal data in clear takes a role that may be shown it. */
const MAY_SEE: readonly string[] = ['auditor', 'administrator'];

type Prepared =
  | { readonly kind: 'ready'; readonly request: Request }
  | { readonly kind: 'refused'; readonly reason: string };

type Outcome =
  | { readonly kind: 'built'; readonly built: Built; readonly temporary: string; readonly checkpoint: string }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Builds beside the file that was asked for, verifies what it built, puts the act on the trail, and only then hands over. A bundle
 * that does not verify is nobody's.
 */
export function openEvidence(around: Surroundings): EvidenceDesk {
  const store = around.clickhouse.reader(PAGES);
  const streams = around.clickhouse.streams(WHOLE, 1);
  return {
    build: (order, token, asker, told) => build(order, { token, asker, told }, { ...around, store, streams }),
  };
}

interface Opened extends Surroundings {
  readonly store: Store;
  readonly streams: Streams;
}

interface Asking {
  readonly token: string;
  readonly asker: Asker;
  told(done: number, total: number): void;
}

async function build(order: EvidenceOrder, { token, asker, told }: Asking, around: Opened): Promise<Answer> {
  const operator = operatorOf(token, around.config.operators);
  const prepared = await prepare(order, operator, around.clock.now());
  const outcome = prepared.kind === 'ready' ? await make(order, prepared.request, around, told) : prepared;
  try {
    await tell(order, prepared, outcome, { operator, asker, around });
    if (outcome.kind !== 'built') return { kind: 'refused', reason: outcome.reason };
    const answer = await handOver(outcome, order.out);
    // Written by this build, or it would have been refused: it must not stay without its bundle.
    if (answer.kind === 'refused' && order.parquet) await rm(`${order.out}.parquet`, { force: true });
    return answer;
  } finally {
    if (outcome.kind === 'built') await rm(outcome.temporary, { force: true });
  }
}

async function prepare(order: EvidenceOrder, operator: Operator | undefined, now: Date): Promise<Prepared> {
  const refused = (reason: string): Prepared => ({ kind: 'refused', reason });
  if (operator === undefined) return refused('the token is no operator’s: operators are named in the configuration');
  if (order.profile === 'full' && !MAY_SEE.includes(operator.role))
    return refused(`${operator.name} is an ${operator.role}: --profile full takes ${MAY_SEE.join(' or ')}`);
  if (order.purpose.trim() === '') return refused('--purpose: say what the bundle is for');
  if (!isAbsolute(order.out)) return refused('--out: is no absolute path');
  if (await isThere(order.out)) return refused(`${order.out} exists: bundles are not overwritten`);
  const [from, to] = [utc(order.from), utc(order.to)];
  if (from === undefined) return refused('--from: write 2026-07-01 or 2026-07-01T00:00:00Z');
  if (to === undefined) return refused('--to: write 2026-10-01 or 2026-10-01T00:00:00Z');
  if (from >= to) return refused('--to: is not after --from');
  if (to > now.toISOString()) return refused('--to: lies ahead; what has not happened cannot be shown');
  const { framework, scope, profile, purpose } = order;
  const who = { operator: operator.name, role: operator.role, asked_at: `${now.toISOString().slice(0, 19)}Z` };
  const parsed = request.safeParse({ framework, from, to, scope, profile, purpose, ...who });
  if (!parsed.success)
    return refused(`--${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`);
  return { kind: 'ready', request: parsed.data };
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Whole seconds of UTC; undefined where the text is no such time. */
function utc(text: string): string | undefined {
  const full = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(full)) return undefined;
  const time = new Date(full);
  return Number.isNaN(time.getTime()) || `${time.toISOString().slice(0, 19)}Z` !== full ? undefined : full;
}

async function make(
  order: EvidenceOrder,
  wanted: Request,
  around: Opened,
  told: (done: number, total: number) => void,
): Promise<Outcome> {
  // What came in since the ledger signed last would keep the bundle from being built.
  const fresh = await askForCheckpoint(paths(around.config).sealer, AbortSignal.timeout(CHECKPOINT_MS));
  const checkpoint = fresh.kind === 'signed' ? 'signed for this bundle' : `the newest there was: ${fresh.reason}`;
  const temporary = `${order.out}.${randomBytes(4).toString('hex')}.part`;
  try {
    const built = await buildBundle(temporary, wanted, await evidenceParts(wanted, around.store, around), told);
    const wrong = await verified(temporary, built.fingerprint);
    if (wrong === undefined) {
      if (order.parquet) await writeParquet(order.out, wanted, around.streams);
      return { kind: 'built', built, temporary, checkpoint };
    }
    await rm(temporary, { force: true });
    return { kind: 'refused', reason: `what was built does not verify, and is not handed over: ${wrong}` };
  } catch (error) {
    await rm(temporary, { force: true });
    const reason = reasonOf(error);
    return { kind: 'refused', reason: fresh.kind === 'signed' ? reason : `${reason} (${fresh.reason})` };
  }
}

/** What the verifier finds first; undefined where nothing. */
async function verified(path: string, fingerprint: string): Promise<string | undefined> {
  const source = await openZip(path);
  try {
    // Leaves that are gone without a certificate are the store's: whoever verifies the bundle is told.
    const first = (await verifyBundle(source, { key: fingerprint })).problems.find(({ file }) => file !== 'ledger');
    return first === undefined
      ? undefined
      : `${first.file}${first.row === undefined ? '' : `, line ${first.row}`}: ${first.reason}`;
  } finally {
    await source.close();
  }
}

/** Words of ours are shown; of other errors the name, for their messages may quote what an event holds. */
function reasonOf(error: unknown): string {
  if (error instanceof CannotBuild || error instanceof ConfigError) return error.message;
  if (error instanceof Untrusted || error instanceof Unreadable) return error.message;
  if (error instanceof ClickHouseFailure) return `the store answered: ${error.message.slice(0, 400)}`;
  if (!(error instanceof Error)) return 'the build failed';
  return 'code' in error
    ? `a file cannot be read or written: ${String(error.code)}`
    : `the build failed with ${error.name}`;
}

interface Telling {
  readonly operator: Operator | undefined;
  readonly asker: Asker;
  readonly around: Surroundings;
}

async function tell(
  order: EvidenceOrder,
  prepared: Prepared,
  outcome: Outcome,
  { operator, asker, around }: Telling,
): Promise<void> {
  const said = prepared.kind === 'ready' ? prepared.request : undefined;
  const made = outcome.kind === 'built' ? outcome.built : undefined;
  await record(
    {
      action: 'audit.export',
      outcome: made !== undefined ? 'success' : said === undefined ? 'denied' : 'failure',
      severity: order.profile === 'full' ? 'medium' : 'info',
      target: `evidence ${order.framework.slice(0, 40)}`,
      asker,
      ...(operator === undefined ? {} : { operator: operator.name }),
      attributes: {
        what: 'evidence',
        framework: order.framework.slice(0, 40),
        from: said?.from ?? order.from.slice(0, 40),
        to: said?.to ?? order.to.slice(0, 40),
        scope: order.scope.slice(0, 200),
        profile: order.profile,
        purpose: order.purpose.slice(0, 1024),
        ...(made === undefined ? {} : { events: made.events, manifest: made.manifest, signed_by: made.fingerprint }),
      },
    },
    around.log,
    around.clock,
  );
}

/** Overwrites nothing: a link to a name that is taken fails. */
async function handOver(
  { built, temporary, checkpoint }: Extract<Outcome, { kind: 'built' }>,
  out: string,
): Promise<Answer> {
  try {
    await link(temporary, out);
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    return {
      kind: 'refused',
      reason: isTaken ? `${out} exists: bundles are not overwritten` : `${out} cannot be written`,
    };
  }
  return { kind: 'text', text: `${JSON.stringify({ out, ...built, checkpoint })}\n`, rows: built.events };
}
