import type { Taking } from './taking.ts';

/** Values of `app.entrypoint`; off by default, so often absent. */
const ENTRYPOINTS: Readonly<Record<string, string>> = {
  cli: 'cli',
  'sdk-cli': 'cli',
  'sdk-ts': 'api',
  'sdk-py': 'api',
  'claude-vscode': 'ide',
  'claude-desktop': 'desktop',
  'claude-desktop-3p': 'desktop',
  'local-agent': 'desktop',
};

/** Values of `terminal.type` that are editors. */
const EDITORS: readonly (string | undefined)[] = ['vscode', 'cursor', 'windsurf', 'zed'];

/** Where the person met Claude Code. Undefined for a way of starting that is not known here. */
export function surfaceOf(take: Taking): string | undefined {
  if (take.peek('service.name') === 'claude-code-desktop') return 'desktop';
  const entrypoint = take.peek('app.entrypoint') ?? 'cli';
  const surface = Object.hasOwn(ENTRYPOINTS, entrypoint) ? ENTRYPOINTS[entrypoint] : undefined;
  return surface === 'cli' && EDITORS.includes(take.peek('terminal.type')) ? 'ide' : surface;
}
