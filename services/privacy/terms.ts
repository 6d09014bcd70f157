import { BEGINS, type Detector, literally } from './detector.ts';
import { before } from './numbers.ts';

/** Diagnoses and drugs that say something about the person next to them. */
const TERMS: readonly string[] = (
  'diabetes|diabetic|hypertension|hypertensive|asthma|epilepsy|dementia|alzheimer|parkinson|schizophrenia|bipolar|hiv|hepatitis|cirrhosis|' +
  'leukemia|leukaemia|lymphoma|melanoma|carcinoma|metastatic|chemotherapy|dialysis|pneumonia|tuberculosis|sepsis|stroke|' +
  'anemia|arthritis|copd|psoriasis|miscarriage|pregnant|overdose|opioid|depression|ptsd|autism|anorexia|bulimia|' +
  'metformin|insulin|ozempic|semaglutide|warfarin|apixaban|heparin|lisinopril|ramipril|amlodipine|metoprolol|atorvastatin|simvastatin|' +
  'levothyroxine|prednisone|albuterol|salbutamol|omeprazole|amoxicillin|doxycycline|sertraline|fluoxetine|escitalopram|' +
  'citalopram|bupropion|lithium|quetiapine|olanzapine|risperidone|clozapine|lorazepam|alprazolam|diazepam|zolpidem|' +
  'oxycodone|hydrocodone|morphine|fentanyl|methadone|buprenorphine|naltrexone|methylphenidate|adderall|tamoxifen|' +
  'truvada|biktarvy|methotrexate|adalimumab|gabapentin|pregabalin'
).split('|');

/** One person, by the word or by a title and a name: statistics of patients are no one's health. */
const PERSON =
  /\b(?:[Tt]he|[Tt]his|[Mm]y|[Oo]ur|[Yy]our|[Hh]er|[Hh]is|male|female|old) patient\b(?! (?:portal|data|dashboard|table|api|id column|record system))|\b(?:[Pp]atient|PATIENT):? (?:[Nn]ame:? )?\p{Lu}\p{L}+|\b[Pp]t\.? |\b(?:Mr|Mrs|Ms|Miss|Mx|Herr|Frau|Sra?|Mme)\.? \p{Lu}|\b(?:[Mm]y|[Hh]er|[Hh]is) (?:mother|father|wife|husband|son|daughter|child)\b|\b(?:[Ss]he|[Hh]e) (?:was|is|has|takes|had|started)\b|\bDOB\b|\[(?:mrn|ssn):tok_/u;

const AROUND = 80;

/** A diagnosis or drug within 80 characters of a person. */
export const healthTerm: Detector = termDetector('health-term', TERMS, (text, start, end) =>
  PERSON.test(before(text, start, AROUND) + text.slice(start, end + AROUND)),
);

/** The operator's own terms, wherever they stand. */
export const phiTerms = (terms: readonly string[]): Detector => termDetector('phi-term', terms, () => true);

function termDetector(
  kind: string,
  terms: readonly string[],
  fits: (text: string, start: number, end: number) => boolean,
): Detector {
  // The longest first: an expression takes the first alternative that fits.
  const words = [...terms].sort((a, b) => b.length - a.length).map(literally);
  const shape = new RegExp(
    `${BEGINS}(?:${words.join('|')})(?![\\p{L}\\p{N}_]|-(?:width|line|dash|color|opacity))`,
    'iuy',
  );
  return {
    triggers: terms,
    read(text, at) {
      shape.lastIndex = at;
      if (!shape.test(text)) return undefined;
      const end = shape.lastIndex;
      return fits(text, at, end) ? { start: at, end, kind, value: text.slice(at, end).toLowerCase() } : undefined;
    },
  };
}
