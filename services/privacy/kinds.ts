/** What is found beside credentials, and the data class it shows. */
export const KINDS = {
  email: 'pii',
  phone: 'pii',
  card: 'pii',
  iban: 'pii',
  ssn: 'pii',
  mrn: 'phi',
  npi: 'phi',
  diagnosis: 'phi',
  'health-term': 'phi',
  'phi-term': 'phi',
  'source-code': 'source_code',
} as const;

export type Kind = keyof typeof KINDS;
export type DataClass = 'secret' | (typeof KINDS)[Kind];

export const KIND_NAMES: readonly Kind[] = Object.keys(KINDS).filter((name): name is Kind =>
  Object.hasOwn(KINDS, name),
);
