import type { PrivacyConfig } from './config.ts';

/** What an event's content is decided by; an empty text is not known. */
export interface ContentBasis {
  readonly topic: string;
  readonly format: string;
  readonly surface: string;
  readonly classes: readonly string[];
}

/**
 * What is kept of an event's content: `masked` keeps it with credentials and people's data replaced, `sealed` keeps the
 * people's data too, under a key, and `none` keeps no content. The first rule that fits wins; a rule fits when
 * everything it names is so, and one that names nothing always does. Without a rule that fits, the default holds.
 */
export function contentPolicy(config: PrivacyConfig['content'], basis: ContentBasis): 'masked' | 'sealed' | 'none' {
  const fits = ({ when }: (typeof config.rules)[number]): boolean =>
    (when.topic ?? basis.topic) === basis.topic &&
    (when.format ?? basis.format) === basis.format &&
    (when.surface ?? basis.surface) === basis.surface &&
    (when.data_class === undefined || basis.classes.includes(when.data_class));
  return config.rules.find(fits)?.keep ?? config.default;
}
