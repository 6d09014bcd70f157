import { z } from 'zod';
import { defineFormat, type Part } from '../../core/format.ts';
import { whole } from '../whole.ts';
import { leaves } from './leaves.ts';
import { permissionPart, securityPart, trailPart } from './rows.ts';
import { auditTrail, permission, security } from './schema.ts';

interface Table {
  /** Columns that no other table has. */
  readonly mark: z.ZodType;
  readonly row: z.ZodType<Part>;
}

/** In every table; an envelope may look like a row otherwise. */
const row = { timestamp: z.string(), trailhouse: z.undefined().optional() };

const trail: Table = {
  mark: z.object({ ...row, action: z.string(), resource_type: z.string(), success: z.boolean() }),
  row: whole(auditTrail).transform(trailPart),
};
const tables: readonly Table[] = [
  trail,
  {
    mark: z.object({ ...row, permission: z.string(), granted: z.boolean() }),
    row: whole(permission).transform(permissionPart),
  },
  {
    mark: z.object({ ...row, event_type: z.string(), severity: z.string(), threat_score: z.number() }),
    row: whole(security).transform(securityPart),
  },
];

const tableOf = (message: unknown): Table | undefined => tables.find(({ mark }) => mark.safeParse(message).success);

/**
 * Rows of the audit tables of ContextForge, IBM's MCP gateway (mcpgateway/db.py), as JSON: the audit trail, permission
 * checks and security events, one row a message.
 */
export const contextforge = defineFormat({
  name: 'contextforge',
  encodings: ['json'],
  leaves,
  detect: (message) => tableOf(message) !== undefined,
  schema: z.unknown().transform((message, context): Part => {
    const { success, data, error } = (tableOf(message) ?? trail).row.safeParse(message);
    if (success) return data;
    for (const { path, message: words } of error.issues) context.addIssue({ code: 'custom', path, message: words });
    return z.NEVER;
  }),
  map: (part) => [part],
});
