/** Who asks, as far as the way they came proves it. */
export interface Asker {
  readonly id: string;
  readonly address: string;
  readonly userAgent: string;
}

/** What became of a question. `refused`: the gate or the caller's input; `failed`: the engine's own answer. */
export type Answer =
  | { readonly kind: 'text'; readonly text: string; readonly rows: number }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly code: number; readonly message: string };

export interface Question {
  readonly sql: string;
  /** Of the operator who asks, with the views of their role; without one it is the account that runs the command. */
  readonly token?: string | undefined;
  /** An output format of ClickHouse. */
  readonly format: string;
  readonly params: Readonly<Record<string, string>>;
}

export interface NamedQuestion {
  readonly name: string;
  readonly token?: string | undefined;
  readonly format: string;
  readonly params: Readonly<Record<string, string>>;
}

/** What operators ask of an export lane. Times are texts as queries take them; empty: no bound. */
export type Order =
  | { readonly order: 'pause' | 'resume' | 'test'; readonly sink: string }
  | {
      readonly order: 'replay';
      readonly sink: string;
      readonly from: string;
      readonly to: string;
      /** Condition over `audit.trail`; empty: none. */
      readonly where: string;
      /** These events and no others; empty: all. */
      readonly ids: readonly string[];
    }
  | { readonly order: 'skip'; readonly sink: string; readonly ids: readonly string[]; readonly reason: string };

/** A legal hold. Times are RFC 3339 in UTC; empty: no bound. */
export type HoldOrder =
  | {
      readonly order: 'place';
      /** Condition over one event of `audit.trail`. */
      readonly where: string;
      readonly from: string;
      readonly to: string;
      readonly reason: string;
      /** Raw topic whose quarantined messages of that time are kept too; `*` stands for all, empty for none. */
      readonly quarantine: string;
    }
  | { readonly order: 'lift'; readonly hold: string; readonly reason: string };

/** What an operator wants to be shown of an event, or decided about it. */
export interface RevealOrder {
  readonly event: string;
  /** Why it has to be seen; stands on the trail. */
  readonly purpose: string;
  /** The operator who is allowed to see it, instead of showing it. */
  readonly allow?: string | undefined;
}

export interface ReviewOrder {
  readonly event: string;
  readonly verdict: 'approved' | 'rejected' | 'exempt';
  readonly note: string;
}

/** A person to erase: by address or by an id, the other empty. `reference`: a case or ticket; may be empty. */
export interface EraseOrder {
  readonly email: string;
  readonly id: string;
  readonly basis: string;
  readonly reference: string;
}

/** What people can ask of a running store. Every act here is itself an event of the trail. */
export interface Desk {
  select(question: Question, asker: Asker): Promise<Answer>;
  named(question: NamedQuestion, asker: Asker): Promise<Answer>;
  /** The sealed message, opened: base64 of its bytes. An audited act; the token as for `retry`, of whoever may be shown content. */
  quarantined(id: string, token: string, asker: Asker): Promise<Answer>;
  /** Sends a quarantined message to its raw topic again, once. The token is an operator's where operators are configured. */
  retry(id: string, token: string, asker: Asker): Promise<Answer>;
  /** Hands an order to the lanes of a receiver: the id of the replay, or of a test's event. The token as for `retry`. */
  operate(order: Order, token: string, asker: Asker): Promise<Answer>;
  /** Places or lifts a hold, for the operator whose token it is: the hold's id. */
  hold(order: HoldOrder, token: string, asker: Asker): Promise<Answer>;
  /** What an event holds, opened for the operator whose token it is: JSON. */
  reveal(order: RevealOrder, token: string, asker: Asker): Promise<Answer>;
  /** What an operator decided about the output of a model. */
  review(order: ReviewOrder, token: string, asker: Asker): Promise<Answer>;
  /** Orders a person's erasure, for the operator whose token it is: the order's id. */
  erase(order: EraseOrder, token: string, asker: Asker): Promise<Answer>;
}
