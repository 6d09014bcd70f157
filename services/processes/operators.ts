import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigError } from './config-error.ts';

export const ROLES = ['analyst', 'auditor', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

/** Names are what acts on the trail carry. Nobody is an operator unless the configuration says so. */
const NAME = /^[a-z0-9][a-z0-9._@-]{0,63}$/;

const operator = z.strictObject({
  role: z.enum(ROLES),
  token_sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in 64 lower-case hex digits'),
  /** Who it is on the trail: nobody reviews what they themselves were answered. */
  email: z.email().optional(),
});

/** The `operators` part of the configuration: who may do what takes a name, and the hash of their token. */
export const operatorsConfig = z
  .record(z.string().regex(NAME, 'is no operator name: lower-case letters, digits and ._@-'), operator)
  .superRefine((all, context) => {
    const seen = new Map<string, string>();
    for (const [name, { token_sha256: hash }] of Object.entries(all)) {
      const twin = seen.get(hash);
      if (twin !== undefined)
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `has the token of ${twin}: one could act as the other`,
        });
      seen.set(hash, name);
    }
  });

export type Operators = Readonly<
  Record<string, { readonly role: Role; readonly token_sha256: string; readonly email?: string | undefined }>
>;

/** As `newOperator` makes them: a hash of a word somebody thought of is no token's. */
const TOKEN = /^thop_[A-Za-z0-9_-]{43}$/;

export interface Operator {
  readonly name: string;
  readonly role: Role;
  readonly email?: string | undefined;
}

/**
 * Whose token it is; undefined where it is nobody's. All hashes are compared, and in constant time. Tokens are 256 random bits:
 * no guessing would find one, so that a plain hash keeps them.
 */
export function operatorOf(token: string, operators: Operators): Operator | undefined {
  if (!TOKEN.test(token)) return undefined;
  const presented = createHash('sha256').update(token).digest();
  let found: Operator | undefined;
  for (const [name, { role, token_sha256, email }] of Object.entries(operators))
    if (timingSafeEqual(presented, Buffer.from(token_sha256, 'hex'))) found = { name, role, email };
  return found;
}

export type Admitted =
  | { readonly kind: 'admitted'; readonly operator: Operator | undefined }
  | { readonly kind: 'refused'; readonly reason: string; readonly operator: Operator | undefined };

/**
 * Whether an act may be done that takes a role where operators are configured. Where none are, whoever may run commands on this
 * machine may do it.
 */
export function admit(token: string, operators: Operators, roles: readonly Role[]): Admitted {
  if (Object.keys(operators).length === 0) return { kind: 'admitted', operator: undefined };
  const operator = operatorOf(token, operators);
  if (operator === undefined)
    return { kind: 'refused', reason: 'operators are configured, and the token is none of theirs', operator };
  if (roles.includes(operator.role)) return { kind: 'admitted', operator };
  return {
    kind: 'refused',
    reason: `${operator.name} is an ${operator.role}: this takes an ${roles.join(' or ')}`,
    operator,
  };
}

/** What the configuration keeps of a token. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** A token, shown once, and the lines of the configuration that know it. */
export function newOperator(name: string, role: Role): { readonly token: string; readonly lines: string } {
  if (!NAME.test(name)) throw new RangeError('is no operator name: lower-case letters, digits and ._@-');
  const token = `thop_${randomBytes(32).toString('base64url')}`;
  return { token, lines: `operators:\n  ${name}:\n    role: ${role}\n    token_sha256: ${tokenHash(token)}\n` };
}

/** Where commands find a token: a file, or the environment. An argument would show in the list of processes. */
export async function readToken(file: string | undefined, environment: NodeJS.ProcessEnv): Promise<string> {
  const text =
    file === undefined ? environment.TRAILHOUSE_OPERATOR_TOKEN : await readFile(file, 'utf8').catch(() => undefined);
  if (file !== undefined && text === undefined) throw new ConfigError(`${file}: cannot be read`);
  const token = text?.trim() ?? '';
  if (token !== '') return token;
  throw new ConfigError(
    file === undefined
      ? 'this takes an operator: set TRAILHOUSE_OPERATOR_TOKEN or name a file with --operator-token-file'
      : `${file}: holds no token`,
  );
}
