import type { Status } from './entry.ts';

/** A person as the directory files together describe them; empty where they say nothing or contradict each other. */
export interface Person {
  readonly email: string;
  readonly name: string;
  readonly team: string;
  readonly project: string;
  readonly organisation: string;
  /** Groups and roles, sorted. */
  readonly groups: readonly string[];
  readonly status: Status;
}

/** A virtual key, by its alias or its hash; empty where rows contradict each other. */
export interface Key {
  readonly id: string;
  readonly owner: string;
  readonly team: string;
  readonly project: string;
  readonly issuedAt: string;
}

/** One person of the directory, and by what they are known. */
export interface Known {
  readonly person: Person;
  readonly ids: readonly string[];
  readonly devices: readonly string[];
}

/** What an id stands for. `several`: for more than one, so for nobody. */
export type Found<T> = { readonly kind: 'one'; readonly it: T } | { readonly kind: 'several' | 'none' };

/** Whom an id names, and the key it is where it is a key's. A key may be nobody's. */
export interface Named {
  readonly person: Person | undefined;
  readonly key: Key | undefined;
}

export interface Directory {
  byEmail(email: string): Found<Person>;
  /** By an id at an issuer: an identity provider's subject, an account, a key's alias or hash. */
  byId(id: string): Found<Named>;
  byDevice(device: string): Found<Person>;
}
