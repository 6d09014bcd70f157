import { z } from 'zod';

/** The `identity` part of the configuration. */
export const identityConfig = z.strictObject({
  /** Files that say who people are: CSV or JSON of ours, SCIM, exports of Okta, Entra and Auth0, the map of virtual keys. */
  directory: z.array(z.string().min(1)).default([]),
  /**
   * How long what other events show counts, in days: of a session since anything was last seen of it, at a device since its
   * person was last seen there. At a start they are learned from the seven days that audit topics keep at least; less than
   * half of that leaves room to see that nobody else was there before.
   */
  bindings: z
    .strictObject({
      session_days: z.number().int().min(1).max(3).default(2),
      device_days: z.number().int().min(1).max(3).default(1),
    })
    .prefault({}),
});

export type IdentityConfig = z.output<typeof identityConfig>;
