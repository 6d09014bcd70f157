import type { Person } from './company.ts';
import type { Usage } from './models.ts';
import type { Tool } from './tools.ts';

/** How a session of Claude Code reaches the model: that decides who it says is working. */
export type Route = 'direct' | 'apps_gateway' | 'litellm' | 'bedrock';

export type Step = { readonly at: number; readonly promptId: string } & (
  | { readonly kind: 'prompt'; readonly text: string }
  /** `requestId` is that of the gateway in between, where there is one. */
  | { readonly kind: 'model'; readonly usage: Usage; readonly requestId: string; readonly overloaded: boolean }
  | { readonly kind: 'tool'; readonly tool: Tool; readonly id: string; readonly end: ToolEnd }
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'server'; readonly server: string }
  | { readonly kind: 'mode'; readonly to: string }
  | { readonly kind: 'sweep'; readonly days: number }
);

export type ToolEnd = 'done' | 'failed' | 'rejected' | 'forbidden';

/**
 * A session of Claude Code as it was: its telemetry, its hooks and the gateway behind it each tell of the same one, by
 * the same ids.
 */
export interface Session {
  readonly id: string;
  /** Undefined for somebody nobody knows. */
  readonly person: Person | undefined;
  readonly installation: string;
  readonly route: Route;
  readonly surface: 'cli' | 'desktop';
  readonly permissionMode: string;
  readonly steps: readonly Step[];
}

export function routeOf({ team }: Person): Route {
  if (team === 'platform') return 'apps_gateway';
  return team === 'data' ? 'litellm' : 'direct';
}

export function sessionOf(person: Person, id: string, steps: readonly Step[]): Session {
  const { installation } = person;
  return { id, person, installation, route: routeOf(person), surface: 'cli', permissionMode: 'default', steps };
}
