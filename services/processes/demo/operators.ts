import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newOperator, type Operators, type Role, tokenHash } from '../operators.ts';

/** Operators of the demo: one who audits, one who administers. */
const STAFF: Readonly<Record<string, Role>> = { auditor: 'auditor', administrator: 'administrator' };

/** Where the token of an operator of the demo stands. */
export const tokenFile = (data: string, name: string): string => join(data, 'operators', `${name}.token`);

/** Tokens are drawn at the first start and stay in files that only their owner may read. */
export async function demoOperators(data: string): Promise<Operators> {
  await mkdir(join(data, 'operators'), { recursive: true, mode: 0o700 });
  const entries = Object.entries(STAFF).map(async ([name, role]) => {
    const file = tokenFile(data, name);
    const kept = await readFile(file, 'utf8').catch(() => undefined);
    const token = kept?.trim() ?? newOperator(name, role).token;
    if (kept === undefined) await writeFile(file, `${token}\n`, { mode: 0o600 });
    return [name, { role, token_sha256: tokenHash(token) }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
