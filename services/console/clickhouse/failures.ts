import type { Failure } from './counter.ts';

/** Error codes of ClickHouse that are given here. */
export const CODES = {
  BAD_ARGUMENTS: 36,
  UNKNOWN_DATABASE: 81,
  UNKNOWN_COMPRESSION_METHOD: 89,
  READONLY: 164,
  REQUIRED_PASSWORD: 194,
  QUERY_IS_TOO_LARGE: 229,
  CANNOT_DECOMPRESS: 271,
  HTTP_LENGTH_REQUIRED: 381,
  AUTHENTICATION_FAILED: 516,
  UNKNOWN_EXCEPTION: 1002,
} as const;

export function failed(name: keyof typeof CODES, words: string): Failure {
  return { kind: 'failed', code: CODES[name], message: `${words} (${name})` };
}

/** ClickHouse's statuses by its codes (src/Server/HTTP/exceptionCodeToHTTPStatus.cpp); 500 for all others. */
const STATUSES: readonly (readonly [number, readonly number[]])[] = [
  [400, [6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427, 441, 675, 676]],
  [401, [194]],
  [403, [192, 193, 497, 512, 516]],
  [404, [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511]],
  [408, [159]],
  [411, [381]],
  [413, [229]],
  [415, [779]],
  [501, [48]],
  [503, [76, 209, 439]],
];

const BY_CODE: ReadonlyMap<number, number> = new Map(
  STATUSES.flatMap(([status, codes]) => codes.map((code) => [code, status] as const)),
);

export const statusOf = ({ code }: Failure): number => BY_CODE.get(code) ?? 500;

/** As ClickHouse writes it at the end of a message; clients split it off. */
export const wordsOf = ({ code, message }: Failure, version: string): string =>
  `Code: ${code}. DB::Exception: ${message.replace(/\.$/, '')} (version ${version})\n`;

/** How an answer that has begun says that it failed: a block at its end, marked with the tag of the headers. */
export function failureBlock(failure: Failure, version: string, tag: string): Buffer {
  const words = Buffer.from(wordsOf(failure, version));
  const begin = `\r\n__exception__\r\n${tag}\r\n`;
  return Buffer.concat([Buffer.from(begin), words, Buffer.from(`${words.length} ${tag}\r\n__exception__\r\n`)]);
}
