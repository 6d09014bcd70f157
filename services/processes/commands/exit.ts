/** Exit codes of every command. */
export const EXIT = { ok: 0, found: 1, usage: 2 } as const;

/** Ends a command with words for people on stderr; the words say what to do next. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: number;

  constructor(message: string, code: number = EXIT.found) {
    super(message);
    this.code = code;
  }
}
