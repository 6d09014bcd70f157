interface Failed {
  readonly status: number;
  readonly words: string;
}

/**
 * What a caller is told of a request that broke. Fastify's own codes say what the caller did wrong; other errors are named
 * and no more, for their messages may quote what they were given.
 */
export function failed(error: unknown): Failed {
  if (!(error instanceof Error)) return { status: 500, words: 'unknown error' };
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  const own = 'code' in error && typeof error.code === 'string' && error.code.startsWith('FST_ERR_');
  return own && status < 500 ? { status, words: error.message } : { status: 500, words: `failed with ${error.name}` };
}
