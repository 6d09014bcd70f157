/** What a directory file says, one person, key or group at a time, before files are brought together. */
export type Entry = PersonEntry | KeyEntry | GroupEntry;

export interface PersonEntry {
  readonly kind: 'person';
  /** File and row or element, for reasons and warnings. */
  readonly place: string;
  /** As `addressOf` gives it; empty where the file states none. */
  readonly email: string;
  readonly name: string;
  /** Ids at identity providers. With the address they tell that two entries are one person. */
  readonly subjects: readonly string[];
  /** Other ids the person goes by: accounts, sign-in names, further addresses. */
  readonly ids: readonly string[];
  readonly devices: readonly string[];
  readonly team: string;
  readonly project: string;
  readonly organisation: string;
  /** Groups and roles. */
  readonly groups: readonly string[];
  readonly status: Status;
}

/** A virtual key of a gateway. */
export interface KeyEntry {
  readonly kind: 'key';
  readonly place: string;
  /** Its alias and its hash. */
  readonly ids: readonly string[];
  /** Address of whoever it was issued to; empty for a key of nobody in particular. */
  readonly owner: string;
  readonly team: string;
  readonly project: string;
  /** As the file states it. */
  readonly issuedAt: string;
}

export interface GroupEntry {
  readonly kind: 'group';
  readonly place: string;
  readonly name: string;
  /** Subjects, other ids or addresses of its people. */
  readonly members: readonly string[];
}

/** Empty where no file says. */
export type Status = 'active' | 'deprovisioned' | '';

/** What one file holds. A reason names the place below the file, and none of its contents. */
export type Sheet =
  | { readonly kind: 'read'; readonly entries: readonly Entry[]; readonly warnings: readonly string[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

const NOBODY: Omit<PersonEntry, 'place'> = {
  kind: 'person',
  email: '',
  name: '',
  subjects: [],
  ids: [],
  devices: [],
  team: '',
  project: '',
  organisation: '',
  groups: [],
  status: '',
};

/** A person of whom the rest is not said. Texts are trimmed, and empty ones dropped. */
export function personEntry(said: Partial<PersonEntry> & Pick<PersonEntry, 'place'>): PersonEntry {
  const full = { ...NOBODY, ...said };
  return {
    ...full,
    name: full.name.trim(),
    team: full.team.trim(),
    project: full.project.trim(),
    organisation: full.organisation.trim(),
    subjects: filled(full.subjects),
    ids: filled(full.ids),
    devices: filled(full.devices),
    groups: filled(full.groups),
  };
}

export const filled = (texts: readonly (string | null | undefined)[]): readonly string[] =>
  texts.map((text) => text?.trim() ?? '').filter((text) => text !== '');

const STATUSES: Readonly<Record<string, Status>> = {
  active: 'active',
  enabled: 'active',
  provisioned: 'active',
  staged: 'active',
  recovery: 'active',
  password_expired: 'active',
  locked_out: 'active',
  inactive: 'deprovisioned',
  deprovisioned: 'deprovisioned',
  disabled: 'deprovisioned',
  suspended: 'deprovisioned',
  blocked: 'deprovisioned',
  deleted: 'deprovisioned',
};

/** Okta's words for states, SCIM's and everyday ones; undefined for a word that is none of them. */
export function statusOf(word: string): Status | undefined {
  const plain = word.trim().toLowerCase();
  if (plain === '') return '';
  return Object.hasOwn(STATUSES, plain) ? STATUSES[plain] : undefined;
}

export const sorted = (texts: readonly string[]): readonly string[] =>
  [...new Set(texts.filter((text) => text !== ''))].sort();

export const placesOf = (entries: readonly { readonly place: string }[]): string =>
  sorted(entries.map(({ place }) => place)).join(', ');
