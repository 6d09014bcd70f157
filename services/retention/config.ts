import { z } from 'zod';
import { FRAMEWORKS, type FrameworkName } from './frameworks.ts';

const names = Object.keys(FRAMEWORKS).filter((name): name is FrameworkName => Object.hasOwn(FRAMEWORKS, name));
const keep = z.array(z.enum(names)).min(1);

/** What an event must be for a rule to apply: every line given must fit. */
const when = z.strictObject({
  topic: z.string().min(1).optional(),
  team: z.string().min(1).optional(),
  project: z.string().min(1).optional(),
  surface: z.string().min(1).optional(),
  data_class: z.string().min(1).optional(),
});

/** The `retention` part of the configuration. All rules that fit an event add up; `default` is for events none fits. */
export const retentionConfig = z.strictObject({
  rules: z.array(z.strictObject({ when, keep })).default([]),
  default: keep.default(['default']),
  /** How long content is kept, in days; as long as its event where left out, and never longer. */
  content_days: z.number().int().min(1).max(36_500).optional(),
});
