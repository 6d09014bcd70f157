import type { PrivacyConfig } from './config.ts';
import type { Detector } from './detector.ts';
import { email } from './email.ts';
import { type DataClass, KINDS, type Kind } from './kinds.ts';
import { nationalId, ssn } from './national.ts';
import { type NumberReader, numbers } from './numbers.ts';
import { diagnosisCode, providerNumber, recordNumber } from './patients.ts';
import { card, iban } from './payments.ts';
import { phone } from './phones.ts';
import { healthTerm, phiTerms } from './terms.ts';

/** Numbers that are no identity of the trail itself: nothing but a person's data, in whatever column. */
const IDS: readonly (readonly [Kind, NumberReader])[] = [
  ['iban', iban],
  ['mrn', recordNumber],
  ['npi', providerNumber],
  ['ssn', ssn],
  ['card', card],
];

const IN_WORDS: readonly (readonly [Kind, NumberReader])[] = [
  ['diagnosis', diagnosisCode],
  ['phone', phone],
];

type Settings = Pick<PrivacyConfig, 'off' | 'national_ids' | 'phi_terms'>;

/** What looks for people's data: in running text, and in columns whose e-mail addresses say who did it. */
export function peopleDetectors({ off, national_ids, phi_terms }: Settings): {
  readonly words: readonly Detector[];
  readonly columns: readonly Detector[];
} {
  const on = ([kind]: readonly [Kind, unknown]): boolean => !off.includes(kind);
  const readers = (of: typeof IDS) => of.filter(on).map(([, reader]) => reader);
  const ids = [...national_ids.map(nationalId), ...readers(IDS)];
  const texts: readonly (readonly [Kind, Detector])[] = [
    ['email', email],
    ['health-term', healthTerm],
    ...(phi_terms.length === 0 ? [] : [['phi-term', phiTerms(phi_terms)] as const]),
  ];
  return {
    words: [numbers([...ids, ...readers(IN_WORDS)]), ...texts.filter(on).map(([, detector]) => detector)],
    columns: [numbers(ids)],
  };
}

/** The data class a kind of finding shows; what has no class of its own is a credential's. */
export function openClasses({ national_ids }: Settings): (kind: string) => DataClass {
  const classes = new Map<string, DataClass>(Object.entries(KINDS));
  for (const { name } of national_ids) classes.set(name, 'pii');
  return (kind) => classes.get(kind) ?? 'secret';
}
