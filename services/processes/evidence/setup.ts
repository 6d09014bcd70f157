import { createPublicKey, type KeyObject } from 'node:crypto';
import type { ClickHouse, ReadLimits } from '../../clickhouse/client.ts';
import { certificateTexts, extents, sealedEvents, type Window } from '../../clickhouse/evidence.ts';
import { queries } from '../../clickhouse/queries/index.ts';
import type { Store } from '../../core/store.ts';
import type { Parts } from '../../evidence/parts.ts';
import { CannotBuild } from '../../evidence/refusal.ts';
import { type Request, scopeOf } from '../../evidence/request.ts';
import type { Keys } from '../../privacy/keys.ts';
import { openTokens, TOKEN_KEY } from '../../privacy/profile.ts';
import type { Config } from '../config.ts';
import { paths } from '../open.ts';
import { readKeyFile } from '../retain/key.ts';
import { openLedgerKeys } from '../seal/keys.ts';
import { openLedger } from '../seal/read.ts';
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
export async function evidenceParts(request: Request, store: Store, { config, keys }: Around): Promise<Parts> {
  const file = config.evidence.signing_key;
  if (file === undefined)
    throw new CannotBuild('no key signs bundles: name one as `evidence.signing_key` (`evidence keygen` makes one)');
  const ledgerKeys = await openLedgerKeys(config.ledger);
  if (ledgerKeys === undefined)
    throw new CannotBuild('nothing is sealed: name a key as `ledger.signing_key`, and let the `seal` role run');
  const ledger = openLedger(paths(config).ledger, ledgerKeys.known);
  const window: Window = { from: request.from, to: request.to, scope: scopeOf(request.scope) };
  const { key } = await readKeyFile(file, 'evidence.signing_key');
  return {
    questions: queries,
    rows: (sql, params) => store.rows(sql, params),
    events: {
      extents: () => extents(store, window),
      read: (partition, from, before) => sealedEvents(store, window, { partition, from, before }),
    },
    tree: (extent) => treeOf(ledger, extent),
    key,
    ledgerKeys: ledger.keys(),
    certificateKeys: await certificateKeys(config),
    certificates: () => certificates(store),
    settings: settingsOf(config),
    token: openTokens(await keys.get(TOKEN_KEY)),
    version: VERSION,
  };
}

/** The public half of the key that signs certificates today. */
async function certificateKeys({ retention }: Config): Promise<readonly Uint8Array[]> {
  if (retention.signing_key === undefined) return [];
  return [spki((await readKeyFile(retention.signing_key, 'retention.signing_key')).key)];
}

const spki = (key: KeyObject): Uint8Array => createPublicKey(key).export({ type: 'spki', format: 'der' });

/** As configured, without where its key lies. */
function settingsOf({ retention, quarantine_days, audit }: Config): object {
  const { signing_key, ...rules } = retention;
  return { ...rules, deletes: signing_key !== undefined, quarantine_days, audit };
}

/** The sealed text of each certificate, as its act carried it. */
async function certificates(store: Store): Promise<readonly { readonly certificate: string; readonly text: string }[]> {
  return (await certificateTexts(store)).flatMap(({ certificate, content }) => {
    const said: { readonly certificate?: unknown } = JSON.parse(content);
    return typeof said.certificate === 'string' ? [{ certificate, text: said.certificate }] : [];
  });
}
