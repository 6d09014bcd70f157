import type { KeyObject } from 'node:crypto';
import type { AuditEvent } from '../core/event.ts';
import type { TileReader } from '../ledger/tiles.ts';

/** A named question, as the store's room defines it. */
export interface Question {
  readonly name: string;
  readonly title: string;
  readonly sql: string;
  bind(
    given: Readonly<Record<string, string>>,
  ):
    | { readonly ok: true; readonly params: Readonly<Record<string, string>> }
    | { readonly ok: false; readonly reason: string };
  /** Names of the parameters that it takes. */
  readonly usage: string;
}

export type Row = Readonly<Record<string, unknown>>;

/** An event of the store on its way into a bundle. */
export interface StoredEvent {
  readonly offset: number;
  readonly isInWindow: boolean;
  /** Past its deadline and not deleted yet: nobody is shown it. */
  readonly isDue: boolean;
  readonly event: AuditEvent;
  readonly erased: { readonly hash: Uint8Array; readonly certificate: string } | undefined;
}

/** Where the events of a request lie in an audit partition. */
export interface Extent {
  readonly partition: number;
  readonly first: number;
  readonly last: number;
}

export interface Events {
  extents(): Promise<readonly Extent[]>;
  /** Audit offsets `from` up to, not including, `before`, in order. */
  read(partition: number, from: number, before: number): Promise<readonly StoredEvent[]>;
}

/** A checkpoint, and the accounting statement that belongs to it. */
export interface Account {
  readonly checkpoint: string;
  readonly statement: string;
}

/** What is left of an erasure: its certificate, sealed, and lines of the list that it names. */
export interface ErasedUnder {
  readonly text: string;
  lines(): AsyncIterable<string>;
}

/** The signed tree of an audit partition. */
export interface Tree {
  /** Size and signed note of the newest checkpoint, and of one that covers the first event. */
  readonly size: number;
  readonly checkpoint: string;
  readonly firstSize: number;
  readonly firstCheckpoint: string;
  /** Of every interval that the stretch touches, in order. */
  accounts(): AsyncIterable<Account>;
  readonly tiles: TileReader;
  /** Which leaf the record at an audit offset is; undefined where none is sealed for it. */
  indexOf(offset: number): Promise<number | undefined>;
}

/** What a bundle is made from. */
export interface Parts {
  readonly questions: readonly Question[];
  /** A statement may end with one setting. */
  rows(sql: string, params: Readonly<Record<string, string>>): Promise<readonly Row[]>;
  /** Whether rows of a statement are of what the checkpoints of the trees cover, and of nothing else. */
  isBound(sql: string): boolean;
  readonly events: Events;
  /** Undefined where a partition's ledger does not reach to an offset yet. */
  tree(extent: Extent): Promise<Tree | undefined>;
  /** Ed25519 key that signs the manifest. */
  readonly key: KeyObject;
  /** Public keys: of the ledger as vkeys, of deletion certificates as SPKI in DER. */
  readonly ledgerKeys: readonly string[];
  readonly certificateKeys: readonly Uint8Array[];
  certificates(): Promise<readonly { readonly certificate: string; readonly text: string }[]>;
  /** What a certificate of erasure says; undefined where it is not signed, or not stored yet. */
  erasure(certificate: string): Promise<ErasedUnder | undefined>;
  /** Retention as configured. */
  readonly settings: unknown;
  /** Makes the keyed token that stands for a text of the personal part. */
  token(text: string): string;
  readonly version: string;
}

/** How far a bundle has come: events written, of so many places in the log. */
export type Told = (done: number, total: number) => void;
