/**
 * What rooms may say to operators: a fixed message with structured fields (pino's order of arguments).
 * Never event content, never a secret.
 */
export interface Logger {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** The logger of tests and of commands whose stderr is for people. */
export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };
