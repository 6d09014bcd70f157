import type { AuditEvent, Draft } from '../../core/event.ts';
import type { PrivacyConfig } from '../../privacy/config.ts';
import type { MaskedDraft } from '../../privacy/draft.ts';
import type { Destroyed } from '../../privacy/keys.ts';
import { openMasking } from '../../privacy/masking.ts';
import { type ContentBasis, contentPolicy } from '../../privacy/policy.ts';
import { subjectKey } from '../../privacy/subject-key.ts';

/** How texts are masked, and what is kept of them. */
export interface Privacy {
  mask(raw: Draft): MaskedDraft;
  policy(basis: ContentBasis): 'masked' | 'sealed' | 'none';
  /** Name of the key of a subject, and the key where it was fetched. */
  sealing(event: AuditEvent): { readonly name: string; readonly key: Uint8Array | Destroyed | undefined };
}

/** `keys` holds those of the subjects that were met, by name; it is filled by whoever settles. */
export function openPrivacy(
  config: PrivacyConfig,
  tokenKey: Uint8Array,
  keys: ReadonlyMap<string, Uint8Array | Destroyed> = new Map(),
): Privacy {
  return {
    mask: openMasking(config, tokenKey),
    policy: (basis) => contentPolicy(config.content, basis),
    sealing(event) {
      const name = subjectKey(event, tokenKey);
      return { name, key: keys.get(name) };
    },
  };
}
