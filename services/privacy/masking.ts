import type { Draft } from '../core/event.ts';
import { holdsCode } from './code.ts';
import type { PrivacyConfig } from './config.ts';
import type { Detector } from './detector.ts';
import { type MaskedDraft, type Masking, maskDraft } from './draft.ts';
import { openValueFind, type ValueFind } from './find.ts';
import { CREDENTIALS, openFind, openMask } from './mask.ts';
import { openClasses, peopleDetectors } from './people.ts';
import { openTokens } from './profile.ts';
import { contextOf } from './telling.ts';
import { openValueMask, type ValueMask } from './value.ts';

type Settings = Pick<PrivacyConfig, 'off' | 'national_ids' | 'phi_terms'>;

/**
 * Masks drafts: credentials for good, wherever text can stand; people's data by tokens that join, which one key makes
 * the same everywhere. Source code shows as a data class and stays.
 */
export function openMasking(settings: Settings, tokenKey: Uint8Array): (raw: Draft) => MaskedDraft {
  const { words, columns } = peopleDetectors(settings);
  const token = openTokens(tokenKey);
  const [inWords, inColumns] = [
    [...CREDENTIALS, ...words],
    [...CREDENTIALS, ...columns],
  ];
  const masking: Masking = {
    find: { words: findWithKeys(inWords), columns: findWithKeys(inColumns) },
    words: withKeys(inWords, token),
    columns: withKeys(inColumns, token),
    classOf: openClasses(settings),
  };
  const code = !settings.off.includes('source-code');

  return (raw) => {
    const masked = maskDraft(raw, masking);
    if (!code || !holdsCode(raw.content)) return masked;
    return { ...masked, classes: [...masked.classes, 'source_code'].sort() };
  };
}

/** What a key says of the text under it counts as said before the text. */
function withKeys(detectors: readonly Detector[], token: (value: string) => string): ValueMask {
  const mask = openMask(detectors, token);
  return openValueMask((text, key) => mask(text, contextOf(text, key)));
}

function findWithKeys(detectors: readonly Detector[]): ValueFind {
  const find = openFind(detectors);
  return openValueFind((text, key) => find(text, contextOf(text, key)));
}
