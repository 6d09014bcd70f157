import type { Answer, Desk } from '../../console/desk.ts';
import { withDesk } from '../open.ts';
import { newOperator, type Role, readToken } from '../operators.ts';
import { asker, taken } from './answers.ts';
import { EXIT, Failure } from './exit.ts';
import type { Globals } from './globals.ts';
import { jsonLines, neutralLines } from './render.ts';
import { settings } from './settings.ts';

/** Where an operator's token is read from. */
export interface Token {
  readonly operatorTokenFile?: string;
}

/** Runs an act for which an operator has to show a token. */
export async function actAs(
  globals: Globals,
  { operatorTokenFile }: Token,
  act: (desk: Desk, token: string) => Promise<Answer>,
): Promise<string> {
  const config = await settings(globals);
  const token = await readToken(operatorTokenFile, process.env);
  return withDesk(config, async (desk) => taken(await act(desk, token)));
}

/** The token of a question, where one is shown: nobody has to. */
export async function shown({ operatorTokenFile }: Token): Promise<string | undefined> {
  const isShown = operatorTokenFile !== undefined || (process.env.TRAILHOUSE_OPERATOR_TOKEN ?? '').trim() !== '';
  return isShown ? readToken(operatorTokenFile, process.env) : undefined;
}

/** Runs an act that takes an operator where operators are configured. */
export async function operating<T>(
  globals: Globals,
  { operatorTokenFile }: Token,
  act: (desk: Desk, token: string) => Promise<T>,
): Promise<T> {
  const config = await settings(globals);
  const token = Object.keys(config.operators).length === 0 ? '' : await readToken(operatorTokenFile, process.env);
  return withDesk(config, (desk) => act(desk, token));
}

/** `trailhouse operator new NAME --role ROLE`: the token on stdout, once; what goes into the configuration on stderr. */
export async function operatorNew(globals: Globals, name: string, { role }: { readonly role: Role }): Promise<number> {
  const { token, lines } = made(name, role);
  if (globals.json === true) process.stdout.write(jsonLines([{ name, role, token, configuration: lines }]));
  else {
    process.stdout.write(`${token}\n`);
    process.stderr.write(`The token is shown this once. The configuration knows it by its hash:\n\n${lines}`);
  }
  return EXIT.ok;
}

function made(name: string, role: Role): ReturnType<typeof newOperator> {
  try {
    return newOperator(name, role);
  } catch (error) {
    if (error instanceof RangeError) throw new Failure(`${name} ${error.message}`, EXIT.usage);
    throw error;
  }
}

/** `trailhouse reveal EVENT --purpose WHY [--allow OPERATOR]` */
export async function reveal(
  globals: Globals,
  event: string,
  given: Token & { readonly purpose: string; readonly allow?: string },
): Promise<number> {
  const { purpose, allow } = given;
  const text = await actAs(globals, given, (desk, token) => desk.reveal({ event, purpose, allow }, token, asker));
  if (globals.json === true) process.stdout.write(text);
  else process.stdout.write(`${neutralLines(JSON.stringify(JSON.parse(text), null, 2))}\n`);
  return EXIT.ok;
}

/** `trailhouse review EVENT --verdict VERDICT` */
export async function review(
  globals: Globals,
  event: string,
  given: Token & { readonly verdict: 'approved' | 'rejected' | 'exempt'; readonly note?: string },
): Promise<number> {
  const { verdict, note = '' } = given;
  const text = await actAs(globals, given, (desk, token) => desk.review({ event, verdict, note }, token, asker));
  process.stdout.write(globals.json === true ? jsonLines([{ event, verdict }]) : text);
  return EXIT.ok;
}
