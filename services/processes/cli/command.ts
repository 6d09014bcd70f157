import type { Globals } from '../commands/globals.ts';

type Run<A extends readonly unknown[]> = (globals: Globals, ...given: A) => Promise<number>;

/** Makes an action of a command: what it answers is the exit code. */
export type Commanding = <A extends readonly unknown[]>(run: Run<A>) => (...given: A) => Promise<void>;
