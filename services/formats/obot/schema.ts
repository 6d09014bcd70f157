import { z } from 'zod';

const text = z.string('is no text').nullish();
const number = z
  .number('is no number')
  .int('is no whole number')
  .min(-(2 ** 52))
  .max(2 ** 52)
  .nullish();

const reference = z.object({ targetType: text, id: text, name: text });

/** Obot's AuditLogEvent, apiclient/types/auditlogevent.go. Go leaves out what is empty. */
export const event = z.object({
  id: z.union(
    [
      z
        .number()
        .int()
        .min(0)
        .max(2 ** 53 - 1),
      z.string(),
    ],
    'is no number or text',
  ),
  timestamp: z.object({ occurredAt: z.string('is no text'), recordedAt: text, source: text }),
  eventType: z.string('is no text'),
  actor: z.object({ actorType: text, id: text, credentialID: text }),
  action: z.object({ operation: text, name: text, kind: text }),
  /** A parent is a reference; a bare text is its name. */
  target: reference.extend({ parent: z.union([reference, z.string()], 'is no reference').nullish() }).nullish(),
  outcome: z.object({
    status: z.string('is no text'),
    httpStatus: number,
    reason: text,
    error: text,
    durationMs: number,
  }),
  client: text,
  details: z
    .object({
      trace: z.object({ sessionID: text, requestID: text, toolUseID: text, turnID: text }).nullish(),
      network: z.object({ clientIP: text }).nullish(),
      client: z.object({ userAgent: text }).nullish(),
      agent: z.object({ provider: text, model: text, modelID: text }).nullish(),
      device: z.object({ id: text, hostname: text }).nullish(),
      environment: z.object({ reportedUserEmail: text }).nullish(),
      webhookStatuses: z.array(z.object({ type: text, name: text, status: text }), 'is no list').nullish(),
    })
    .nullish(),
});

export type AuditLogEvent = z.output<typeof event>;
