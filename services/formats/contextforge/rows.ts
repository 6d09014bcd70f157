import type { Outcome, Severity } from '../../core/event.ts';
import type { Part } from '../../core/format.ts';
import { instantOf } from '../instant.ts';
import { type Whole, without } from '../whole.ts';
import { claimsOf } from './actor.ts';
import { actOf } from './acts.ts';
import type { AuditTrail, Permission, Security } from './schema.ts';

/** Tools are named `server-tool`, both of which may hold hyphens: the name is not taken apart. */
export function trailPart({ read, raw }: Whole<AuditTrail>): Part {
  const isTool = read.resource_type === 'tool';
  return part(read, raw, {
    action: actOf(read.action, read.resource_type),
    outcome: read.success ? 'success' : 'failure',
    agent_name: read.acting_as ?? undefined,
    request_id: read.request_id ?? undefined,
    tool_name: isTool ? (read.resource_name ?? undefined) : undefined,
    target: read.resource_name ?? aimOf(read),
    client_address: read.client_ip ?? undefined,
    error_message: read.error_message ?? undefined,
  });
}

export function permissionPart({ read, raw }: Whole<Permission>): Part {
  return part(read, raw, {
    action: 'permission.decision',
    outcome: read.granted ? 'success' : 'denied',
    decision: read.granted ? 'accept' : 'reject',
    policy: read.permission,
    target: aimOf(read),
    client_address: read.ip_address ?? undefined,
  });
}

const SEVERITIES: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];
const STOPPED: readonly string[] = ['block', 'blocked', 'denied', 'deny', 'reject', 'rejected'];

export function securityPart({ read, raw }: Whole<Security>): Part {
  const severity = SEVERITIES.find((known) => known === read.severity.toLowerCase());
  const outcome: Outcome = STOPPED.includes(read.action_taken?.toLowerCase() ?? '') ? 'denied' : 'unknown';
  return part(read, raw, {
    action: 'activity.other',
    outcome,
    severity,
    client_address: read.client_ip ?? undefined,
  });
}

interface Common {
  readonly id?: string | number | null | undefined;
  readonly timestamp: string;
  readonly user_id?: string | null | undefined;
  readonly user_email?: string | null | undefined;
  readonly team_id?: string | null | undefined;
  readonly auth_method?: string | null | undefined;
  readonly user_agent?: string | null | undefined;
}

/** What rows of every kind share. A database that keeps no zone keeps UTC here. */
function part(row: Common, raw: unknown, own: Omit<Part['columns'], 'claims' | 'personal_attributes'>): Part {
  const occurred = instantOf(row.timestamp);
  const { claims, settled } = claimsOf(row);
  return {
    columns: {
      ...own,
      source_event_id: row.id == null ? undefined : String(row.id),
      occurred_at: occurred?.micros,
      product: 'contextforge',
      claims,
      user_agent: row.user_agent ?? undefined,
      personal_attributes: {},
    },
    from: without(raw, occurred?.exact === true ? [...settled, 'timestamp'] : settled),
  };
}

/** A resource by its kind and id, where it has no name. */
function aimOf(row: {
  readonly resource_type?: string | null | undefined;
  readonly resource_id?: string | null | undefined;
}) {
  return row.resource_type && row.resource_id ? `${row.resource_type}/${row.resource_id}` : undefined;
}
