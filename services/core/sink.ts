import type { Agent } from 'node:http';
import type { z } from 'zod';
import type { Clock } from './clock.ts';
import type { AuditEvent } from './event.ts';

/** The receiver's answer to one batch. A throw is read as `retry`, so sinks need no try/catch. */
export type Delivery =
  | { readonly kind: 'delivered'; readonly level?: Level | undefined }
  /** Nothing is known to be taken: try the same batch again; `afterMs` when the receiver named a time. */
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs?: number | undefined }
  /** The setup is at fault (token, index, certificate): wait and raise an alarm, touch no event. */
  | { readonly kind: 'parked'; readonly reason: string }
  /** The bytes are at fault: the same batch would always be turned down. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The listed positions ended otherwise; from `resendFrom` on nothing was taken; the rest was delivered. */
  | {
      readonly kind: 'partial';
      readonly refused: readonly Refusal[];
      /** Not sent, because the receiver's contract has no place for them (age): the stored event is the record. */
      readonly diverted?: readonly Refusal[] | undefined;
      readonly resendFrom?: number | undefined;
      readonly level?: Level | undefined;
    }
  /** The receiver turned `count` of the batch down, does not say which, and forbids to send them again. */
  | { readonly kind: 'uncertain'; readonly count: number; readonly reason: string };

/** How far a receiver vouches for what it took, where it can say so: received, or indexed. */
export type Level = 'accepted' | 'indexed';

export interface Refusal {
  /** Position in the batch. */
  readonly index: number;
  readonly reason: string;
}

/**
 * Events to deliver together. They are read one after the other, and each is whole until the next is asked for: whoever needs
 * something of it later takes that out. May be gone through again, in the same order.
 */
export interface Batch extends Iterable<AuditEvent> {
  readonly length: number;
}

/** Sends batches to one receiver. Holds no queue, counts no retries: the delivery machine does both. */
export interface Sink {
  /** How long one delivery may take where that is longer than usual: receivers that confirm late. */
  readonly attemptMs?: number | undefined;
  deliver(batch: Batch, signal: AbortSignal): Promise<Delivery>;
  close(): Promise<void>;
}

/** Where a secret is: never a value in the configuration. */
export type SecretAt = { readonly file: string } | { readonly env: string };

/** The part of `fetch` a sink needs. */
export type Fetch = (
  url: string | URL,
  init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string | Uint8Array<ArrayBuffer>;
    readonly signal: AbortSignal;
    readonly redirect?: 'manual';
  },
) => Promise<Response>;

/** What a sink may use of the outside world. */
export interface Tools {
  /** Guarded: TLS as configured, no redirects, no addresses a receiver cannot have. */
  readonly fetch: Fetch;
  /** The same guard for clients that bring their own requests; `protocol` is `http:` or `https:`. */
  agent(protocol: string): Agent;
  readonly clock: Clock;
  /** Read afresh, so that a rotated token heals a lane without a restart. */
  secret(at: SecretAt): Promise<string>;
  /** The lane sends again, or late, what is not the newest: a receiver may want such events apart. */
  readonly replay: boolean;
}

/** Where each column of an event goes at a receiver: the name it has there, or why it is not carried. */
export type Dialect = {
  readonly [K in Exclude<keyof AuditEvent, 'personal_salt'>]: string | { readonly lost: string };
};

export interface Limits {
  /** Most events in one batch. */
  readonly events: number;
  /** Most bytes of one batch as stored (Avro). A sink whose encoded body comes out too large answers `refused` unsent. */
  readonly bytes: number;
  /** Requests under way at once. */
  readonly concurrency: number;
}

export interface SinkKind {
  readonly name: string;
  readonly limits: Limits;
  /** Of the receiver's own settings; every lane has further ones beside them. */
  readonly config: z.ZodObject;
  readonly dialect: Dialect;
  /** What the environment says where the settings are silent, as further settings; nothing for most receivers. */
  defaults(settings: Readonly<Record<string, unknown>>, environment: Environment): Record<string, unknown>;
  open(settings: unknown, tools: Tools): Sink;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Pairs a config schema with a constructor and hides their types, so that sinks fit in one list. */
export function defineSink<S extends z.ZodObject>(spec: {
  readonly name: string;
  readonly limits: Limits;
  readonly config: S;
  readonly dialect: Dialect;
  readonly defaults?: SinkKind['defaults'];
  open(config: z.output<S>, tools: Tools): Sink;
}): SinkKind {
  const { name, limits, config, dialect, defaults = () => ({}) } = spec;
  return {
    name,
    limits,
    config,
    dialect,
    defaults,
    open: (settings, tools) => spec.open(config.parse(settings), tools),
  };
}
