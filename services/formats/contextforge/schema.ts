import { z } from 'zod';

const text = z.string('is no text').nullish();

/** Who and from where, in every row of the three tables. */
const common = {
  id: z
    .union(
      [
        z.string(),
        z
          .number()
          .int()
          .min(0)
          .max(2 ** 53 - 1),
      ],
      'is no text or number',
    )
    .nullish(),
  timestamp: z.string('is no text'),
  user_email: text,
  user_agent: text,
};

/** mcpgateway/db.py, class AuditTrail: what somebody did to a resource. */
export const auditTrail = z.object({
  ...common,
  action: z.string('is no text'),
  resource_type: z.string('is no text'),
  resource_id: text,
  resource_name: text,
  user_id: text,
  team_id: text,
  request_id: text,
  client_ip: text,
  success: z.boolean('is neither true nor false'),
  error_message: text,
  auth_method: text,
  acting_as: text,
});

/** Class PermissionAuditLog: a permission that was checked. */
export const permission = z.object({
  ...common,
  permission: z.string('is no text'),
  granted: z.boolean('is neither true nor false'),
  resource_type: text,
  resource_id: text,
  team_id: text,
  ip_address: text,
});

/** Class SecurityEvent: what its own detectors noticed. */
export const security = z.object({
  ...common,
  event_type: z.string('is no text'),
  severity: z.string('is no text'),
  user_id: text,
  client_ip: text,
  action_taken: text,
});

export type AuditTrail = z.output<typeof auditTrail>;
export type Permission = z.output<typeof permission>;
export type Security = z.output<typeof security>;
