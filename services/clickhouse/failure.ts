/**
 * ClickHouse said no, or said nothing. The message is the engine's first line: it may quote the statement, never the
 * rows of an insert.
 */
export class ClickHouseFailure extends Error {
  override readonly name = 'ClickHouseFailure';
  /** ClickHouse's error code; undefined when no answer came, and whether it was done is unknown. */
  readonly code: number | undefined;

  constructor(message: string, code: number | undefined, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Both drivers' errors as one: the text `Code: 60. DB::Exception: …` carries the code wherever it came from. */
export function failure(error: unknown): ClickHouseFailure {
  if (error instanceof ClickHouseFailure) return error;
  const text = error instanceof Error ? error.message : String(error);
  const named = error instanceof Error && 'code' in error ? Number(error.code) : Number.NaN;
  const quoted = Number(/Code: (\d+)\./.exec(text)?.[1]);
  const code = [quoted, named].find((number) => Number.isSafeInteger(number) && number > 0);
  const [line = ''] = text.split('\n');
  return new ClickHouseFailure(line.slice(0, 1000), code, error);
}
