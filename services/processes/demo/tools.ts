import type { Person } from './company.ts';
import type { Random } from './random.ts';

/** A call of one of Claude Code's tools. */
export interface Tool {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** What telemetry says apart from the input. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly source: 'builtin' | 'mcp';
  readonly response: string;
}

const FILES = [
  'src/app.ts',
  'src/cart/total.ts',
  'test/cart.test.ts',
  'README.md',
  'src/http/router.ts',
  'docs/setup.md',
  'src/orders/refund.ts',
  'migrations/0042_orders.sql',
] as const;
const COMMANDS = [
  'npm test',
  'git status',
  'git diff --stat',
  'ls -la src',
  'npx tsc --noEmit',
  'rg "TODO" src',
] as const;

export function anyTool(person: Person | undefined, random: Random): Tool {
  const folder = folderOf(person);
  const file = `${folder}/${random.pick(FILES)}`;
  const dice = random.integer(0, 11);
  if (dice < 4) return read(file);
  if (dice < 6) return edit(file);
  if (dice < 9) return bash(random.pick(COMMANDS));
  if (dice === 9) return builtin('WebFetch', { url: 'https://nodejs.org/api/fs.html', prompt: 'signature of open' });
  if (dice === 10) return builtin('Grep', { pattern: 'priceOf', path: `${folder}/src` });
  return mcp('jira', 'get_issue', { key: `ALD-${random.integer(1, 400)}` });
}

/** Every machine has the project in the same place. */
export const folderOf = (person: Person | undefined): string => `/work/${person?.project ?? 'scratch'}`;

export const homeOf = (person: Person | undefined): string => `/home/${person?.email.split('@')[0] ?? 'dev'}`;

export const read = (path: string): Tool => builtin('Read', { file_path: path }, '1\tconst limit = 20;');

export function edit(path: string): Tool {
  return builtin('Edit', { file_path: path, old_string: 'replicas: 2', new_string: 'replicas: 3' }, 'updated');
}

export function bash(command: string): Tool {
  const parameters = { bash_command: command.split(' ')[0], full_command: command };
  return { name: 'Bash', input: { command }, parameters, source: 'builtin', response: 'exit code 0' };
}

export function mcp(server: string, tool: string, input: Tool['input']): Tool {
  const parameters = { mcp_server_name: server, mcp_tool_name: tool };
  return { name: `mcp__${server}__${tool}`, input, parameters, source: 'mcp', response: '1 issue' };
}

function builtin(name: string, input: Tool['input'], response = 'done'): Tool {
  return { name, input, parameters: input, source: 'builtin', response };
}
