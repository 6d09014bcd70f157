import { z } from 'zod';
import { asOf } from '../../clickhouse/as-of.ts';
import { asSigned } from '../../clickhouse/as-signed.ts';
import type { ClickHouse, ReadLimits } from '../../clickhouse/client.ts';
import { certificateTexts, erasureText, extents, sealedEvents, type Window } from '../../clickhouse/evidence.ts';
import { queries } from '../../clickhouse/queries/index.ts';
import { erasedEvents } from '../../clickhouse/retention/erasure/listed.ts';
import type { Store } from '../../core/store.ts';
import type { ErasedUnder, Parts } from '../../evidence/parts.ts';
import { CannotBuild } from '../../evidence/refusal.ts';
import { type Request, scopeOf } from '../../evidence/request.ts';
import type { SignedCheckpoint } from '../../ledger/checkpoint.ts';
import type { Keys } from '../../privacy/keys.ts';
import { openTokens, TOKEN_KEY } from '../../privacy/profile.ts';
import { erasedLine } from '../../retention/erased.ts';
import type { Config } from '../config.ts';
import { paths } from '../open.ts';
import { readCertificateKeys, readKeyFile } from '../retain/key.ts';
import { openLedgerKeys } from '../seal/keys.ts';
import { type Ledger, openLedger } from '../seal/read.ts';
import { VERSION } from '../version.ts';
import { treeOf } from './tree.ts';

/** What one page of a bundle may cost. */
export const PAGES: ReadLimits = { seconds: 600, memoryBytes: 2 * 1024 ** 3, rows: 1_000_000, bytes: 256 * 1024 ** 2 };

export interface Around {
  readonly config: Config;
  readonly clickhouse: ClickHouse;
  readonly keys: Keys;
}

/** Everything one bundle is made from. Keys are read when they are used: they may be rotated under a running process. */
export async function evidenceParts(request: Request, reader: Store, { config, keys }: Around): Promise<Parts> {
  const file = config.evidence.signing_key;
  if (file === undefined)
    throw new CannotBuild('no key signs bundles: name one as `evidence.signing_key` (`evidence keygen` makes one)');
  const ledgerKeys = await openLedgerKeys(config.ledger);
  if (ledgerKeys === undefined)
    throw new CannotBuild('nothing is sealed: name a key as `ledger.signing_key`, and let the `seal` role run');
  const ledger = openLedger(paths(config).ledger, ledgerKeys.known);
  const window: Window = { from: request.from, to: request.to, scope: scopeOf(request.scope) };
  const { key } = await readKeyFile(file, 'evidence.signing_key');
  // Whatever runs its time while a bundle is built: each build of one request is of one moment.
  const store = await asOf(reader, request.asked_at);
  const heads = await newest(ledger);
  const signed = await asSigned(
    store,
    new Map([...heads].map(([partition, { lastOffset }]) => [partition, lastOffset])),
  );
  return {
    questions: queries,
    rows: (sql, params) => signed.rows(sql, params),
    isBound: (sql) => signed.isBound(sql),
    events: {
      extents: () => extents(store, window),
      read: (partition, from, before) => sealedEvents(store, window, { partition, from, before }),
    },
    tree: (extent) => treeOf(ledger, extent, heads.get(extent.partition)),
    key,
    ledgerKeys: ledger.keys(),
    certificateKeys: (await readCertificateKeys(config.retention)).map((one) =>
      one.export({ type: 'spki', format: 'der' }),
    ),
    certificates: () => certificates(store),
    erasure: (certificate) => erasure(store, certificate),
    settings: settingsOf(config),
    token: openTokens(await keys.get(TOKEN_KEY)),
    version: VERSION,
  };
}

/** One checkpoint for proofs and answers, however long the build takes. */
async function newest(ledger: Ledger): Promise<ReadonlyMap<number, SignedCheckpoint>> {
  const heads = new Map<number, SignedCheckpoint>();
  for (const partition of await ledger.partitions()) {
    const head = await ledger.checkpoint(partition);
    if (head !== undefined) heads.set(partition, head);
  }
  return heads;
}

/** As configured, without where its keys lie. */
function settingsOf({ retention, quarantine_days, audit }: Config): object {
  const { signing_key, former_keys, ...rules } = retention;
  return { ...rules, deletes: signing_key !== undefined, quarantine_days, audit };
}

/** What an act keeps as content lies below the name that the envelope has for it. */
const act = z.object({ content: z.object({ certificate: z.string().optional() }) });

const certificateIn = (content: string): string | undefined => act.parse(JSON.parse(content)).content.certificate;

/** The sealed text of each certificate of deletion, as its act carried it: a long one is told by its digest alone. */
async function certificates(store: Store): Promise<readonly { readonly certificate: string; readonly text: string }[]> {
  return (await certificateTexts(store)).flatMap(({ certificate, content }) => {
    const text = certificateIn(content);
    return text === undefined ? [] : [{ certificate, text }];
  });
}

async function erasure(store: Store, certificate: string): Promise<ErasedUnder | undefined> {
  const content = await erasureText(store, certificate);
  const text = content === undefined ? undefined : certificateIn(content);
  if (text === undefined) return undefined;
  return {
    text,
    async *lines() {
      for await (const events of erasedEvents(store, certificate, LISTED)) yield events.map(erasedLine).join('');
    },
  };
}

/** Erased events that are read from the store at a time. */
const LISTED = 10_000;
