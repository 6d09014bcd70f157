/** Options every command takes. */
export interface Globals {
  readonly config?: string | undefined;
  readonly json?: boolean | undefined;
}
