/** The verifier's words. They stand apart from it because they take no part in running it. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What is wrong, and where: a file of the bundle, and the line of it where one is at fault. */
export type Problem = { readonly file: string; readonly row?: number; readonly reason: string };

export interface Report {
  readonly verdict: 'genuine' | 'altered';
  /** Nobody said which key has to have signed: the bundle speaks for whoever holds this one. */
  readonly pinned: boolean;
  readonly fingerprint: string;
  readonly request: Json | undefined;
  /** Trees that the events lie in, and who signed them. */
  readonly ledgers: readonly Tree[];
  readonly counted: { readonly files: number; readonly rows: number; readonly events: number; readonly erased: number };
  /** What a reader has to know beside the verdict. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
  /** C2SP tlog-proof of the event that was asked for. */
  readonly proof?: string;
}

interface Tree {
  readonly origin: string;
  readonly size: number;
  readonly signed_at: string;
  readonly fingerprint: string;
}

/** What a reader learned by another way than the bundle, and the event that a proof is wanted of. */
export interface Pins {
  /** SHA-256 of the public key that has to have signed the manifest, in hex, and of the one that has to have signed the trees. */
  readonly key?: string | undefined;
  readonly ledger?: string | undefined;
  readonly proof?: string | undefined;
}

export interface Source {
  readonly names: readonly string[];
  stream(name: string): AsyncIterable<Buffer>;
  /** SHA-256 of a file's bytes as a zip holds them; undefined where they are not packed. */
  packed?(name: string): Promise<string | undefined>;
}

export type Cursor = { readonly bytes: Buffer; at: number };

/** The head of a tree, and the SHA-256 of the accounting statement that goes with it. */
export type Checkpoint = {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
  readonly accounting: Buffer;
  readonly note: string;
  readonly signedAt: string;
  readonly fingerprint: string;
};

/** The leaf as latin1: a million of these are held, and a Buffer would hold the memory it was cut from. */
export type Row = { readonly index: number; readonly leaf: string };

/** What statements account for of a raw partition: raw offsets `first` up to `next`, but for the holes. */
export interface Standing {
  first: number | undefined;
  next: number;
  /** Events in the tree that no account has come for. */
  waiting: number;
  readonly holes: string[];
}

/** One verification under way. */
export interface Run {
  readonly source: Source;
  readonly manifest: Json | undefined;
  readonly pins: Pins;
  readonly ids: Set<string>;
  /** Hashes (hex) of erased events by event id, by the certificate that their line names. */
  readonly erased: Map<string, Map<string, string>>;
  readonly counts: { rows: number; events: number; erased: number; due: number; certified: number; gone: number };
  readonly notes: string[];
  readonly ledgers: Tree[];
  /** Index of the leaf that a proof is wanted of, in the partition that is looked at, and the proof. */
  wanted?: number | undefined;
  proof?: string;
  wrong(file: string, reason: string, row?: number): void;
}
