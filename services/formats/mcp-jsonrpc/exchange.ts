import type { Capture, Request, Response } from './schema.ts';

/** A message of any shape: what was asked and answered, as far as it was captured, and what the capture says beside it. */
export interface Exchange {
  readonly request?: Request | undefined;
  readonly response?: Response | undefined;
  readonly capture: Omit<Capture, 'mcp' | 'request' | 'response'>;
}

export function exchangeOf(message: Request | Response | Capture): Exchange {
  if ('jsonrpc' in message) return { ...framed(message), capture: {} };
  const { mcp, request, response, ...capture } = message;
  if (mcp != null) return { ...framed(mcp), capture };
  return { request: request ?? undefined, response: response ?? undefined, capture };
}

function framed(frame: Request | Response): Pick<Exchange, 'request' | 'response'> {
  return 'method' in frame ? { request: frame } : { response: frame };
}
