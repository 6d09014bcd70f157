import type { Draft } from '../core/event.ts';
import { holdsCode } from './code.ts';
import type { PrivacyConfig } from './config.ts';
import { type MaskedDraft, type Masking, maskDraft } from './draft.ts';
import { openValueFind, type ValueFind } from './find.ts';
import { CREDENTIALS, findBy, maskBy } from './mask.ts';
import { openClasses, peopleDetectors } from './people.ts';
import { openTokens } from './profile.ts';
import { type Scan, scanner } from './scan.ts';
import { contextOf } from './telling.ts';
import { openValueMask, type ValueMask } from './value.ts';

type Settings = Pick<PrivacyConfig, 'off' | 'national_ids' | 'phi_terms'>;

/**
 * Masks drafts: credentials for good, wherever text can stand; people's data by tokens that join, which one key makes
 * the same everywhere. Source code shows as a data class and stays.
 */
export function openMasking(settings: Settings, tokenKey: Uint8Array): (raw: Draft) => MaskedDraft {
  const { words, columns } = scannersOf(settings);
  const token = openTokens(tokenKey);
  const masking: Masking = {
    find: { words: findWithKeys(words), columns: findWithKeys(columns) },
    words: withKeys(words, token),
    columns: withKeys(columns, token),
    classOf: openClasses(settings),
  };
  const code = !settings.off.includes('source-code');

  return (raw) => {
    const masked = maskDraft(raw, masking);
    if (!code || !holdsCode(raw.content)) return masked;
    return { ...masked, classes: [...masked.classes, 'source_code'].sort() };
  };
}

interface Scanners {
  readonly words: Scan;
  readonly columns: Scan;
}

/** Their tables follow from the settings alone, whatever the key: made once for all who mask by the same settings. */
const made = new WeakMap<Settings, Scanners>();

function scannersOf(settings: Settings): Scanners {
  const known = made.get(settings);
  if (known !== undefined) return known;
  const { words, columns } = peopleDetectors(settings);
  const scanners = { words: scanner([...CREDENTIALS, ...words]), columns: scanner([...CREDENTIALS, ...columns]) };
  made.set(settings, scanners);
  return scanners;
}

/** What a key says of the text under it counts as said before the text. */
function withKeys(scan: Scan, token: (value: string) => string): ValueMask {
  const mask = maskBy(scan, token);
  return openValueMask((text, words) => mask(text, contextOf(text, words)));
}

function findWithKeys(scan: Scan): ValueFind {
  const find = findBy(scan);
  return openValueFind((text, words) => find(text, contextOf(text, words)));
}
