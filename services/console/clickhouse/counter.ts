import type { Asker } from '../desk.ts';

/** Who asks, as far as it is proven: an operator by their token, or whoever is on this machine. */
export interface Principal {
  readonly name: string;
  readonly role: 'analyst' | 'auditor' | 'administrator';
  readonly operator: boolean;
}

export interface Request {
  readonly id: string;
  /** Why it is not to be answered, where its form says so already. It is put onto the trail all the same. */
  readonly fault: Failure | undefined;
  readonly sql: string;
  /** Unless the text names another. */
  readonly format: string;
  /** As HTTP brings them, without `param_`. */
  readonly params: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string | number>>;
  /** `client_protocol_version`; 0: none. */
  readonly revision: number;
}

/** An error in ClickHouse's words: its code, and a message that ends with its name in brackets. */
export interface Failure {
  readonly kind: 'failed';
  readonly code: number;
  readonly message: string;
}

/** A part of an answer. A failure is the last. */
export type Part = { readonly kind: 'bytes'; readonly bytes: Uint8Array } | Failure;

/** What is known of an answer when it begins. */
export interface Begun {
  readonly kind: 'answer';
  readonly format: string;
  /** Rows and bytes so far, and whether that is all. */
  readonly rows: number | undefined;
  readonly bytes: number;
  readonly elapsedMs: number;
  readonly parts: AsyncIterable<Part>;
}

/** What the protocol needs of the pipeline. */
export interface Counter {
  readonly version: string;
  readonly timezone: string;
  readonly displayName: string;
  /** What a question may cost, by ClickHouse's settings. */
  readonly limits: Readonly<Record<string, string | number>>;
  /** Whose token it is; undefined where it is nobody's. */
  holder(token: string): Principal | undefined;
  /** Resolves once the question is on the trail: with a failure, or with an answer whose parts are to be read to their end. */
  ask(request: Request, principal: Principal, asker: Asker, signal: AbortSignal): Promise<Begun | Failure>;
  /** Somebody showed a name or a token that is nobody's. Resolves once that is on the trail. */
  turnedAway(asker: Asker): Promise<void>;
}
