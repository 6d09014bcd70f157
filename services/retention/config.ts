import { z } from 'zod';
import { DUTIES } from './erasure.ts';
import { FRAMEWORKS, isFramework } from './frameworks.ts';

const names = Object.keys(FRAMEWORKS).filter(isFramework);
const keep = z.array(z.enum(names)).min(1);
const days = z.number().int().min(1).max(36_500);

/** What an event must be for a rule to apply: every line given must fit. */
const when = z.strictObject({
  topic: z.string().min(1).optional(),
  /** A topic or a format. */
  source: z.string().min(1).optional(),
  region: z.string().min(1).optional(),
  team: z.string().min(1).optional(),
  project: z.string().min(1).optional(),
  surface: z.string().min(1).optional(),
  data_class: z.string().min(1).optional(),
});

/** GDPR's upper bound: how long the purpose needs personal data. The reason of every event under it names the purpose. */
const gdpr = z.strictObject({ days, purpose: z.string().min(1).max(200) });

/** The `retention` part of the configuration. All rules that fit an event add up; `default` is for events none fits. */
export const retentionConfig = z
  .strictObject({
    rules: z.array(z.strictObject({ when, keep })).default([]),
    default: keep.default(['default']),
    /** How long content is kept, in days; as long as its event where left out, and never longer. */
    content_days: days.optional(),
    gdpr: gdpr.optional(),
    /** What an audit looks back on, and how long after its end the report is asked for: both for warnings alone. */
    audit_window_days: days.default(365),
    audit_lag_days: z.number().int().min(0).max(3_650).default(90),
    /** Frameworks whose law goes before a person's right to erasure, until their period ends. */
    erasure_waits_for: z.array(z.enum(names)).default([...DUTIES]),
    /** PEM file of the Ed25519 key that signs certificates. Without it the `retain` role does not run. */
    signing_key: z.string().min(1).optional(),
    /** PEM files of the public keys that signed certificates before: what they signed still counts. */
    former_keys: z.array(z.string().min(1)).default([]),
  })
  .superRefine(({ rules, default: fallback, gdpr: bound }, context) => {
    if (bound !== undefined || ![...rules.flatMap((rule) => rule.keep), ...fallback].includes('gdpr')) return;
    context.addIssue({
      code: 'custom',
      path: ['gdpr'],
      message: 'is needed by rules that keep gdpr: its days and purpose',
    });
  });

export type RetentionConfig = z.output<typeof retentionConfig>;
