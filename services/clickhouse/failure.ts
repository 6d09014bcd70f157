/**
 * ClickHouse said no, or said nothing. The message is the engine's first line, for whoever
 * asked: it may quote the statement and values. Logs get `describeFailure`.
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
  return new ClickHouseFailure(line.replace(REPEATED, '').slice(0, 1000), code, error);
}

/** Every layer an exception passes puts these words before it again. */
const REPEATED = /^(?:Code: \d+\. DB::Exception: )+/;

/**
 * What logs may say of a failure: ClickHouse's code and its name for it. The message may quote the statement, its
 * parameters, and a value that would not convert.
 */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  if (error instanceof ClickHouseFailure && error.code !== undefined) {
    const name = / \(([A-Z][A-Z_0-9]{1,63})\)(?: \(version [\w. ()]+\))?\.?$/.exec(error.message)?.[1] ?? '';
    return `ClickHouse answers ${error.code} ${name}`.trimEnd();
  }
  const cause = error instanceof ClickHouseFailure && error.cause instanceof Error ? error.cause : error;
  const code = 'code' in cause && /^[A-Z][A-Z_0-9]{1,63}$/.test(String(cause.code)) ? ` (${String(cause.code)})` : '';
  return `${error instanceof ClickHouseFailure ? 'ClickHouse does not answer' : cause.name}${code}`;
}
