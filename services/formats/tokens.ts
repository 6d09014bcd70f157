import { LARGEST } from './reading.ts';

/**
 * Tokens of a prompt with the cached ones among them, once. OpenAI counts them inside, Anthropic beside; a gateway passes
 * on the one or the other. Where cached tokens cannot be part of the count, they are added. Undefined for what is no count.
 */
export function promptTokens(counted: number | undefined, read = 0, written = 0): number | undefined {
  if (counted === undefined || !Number.isInteger(counted) || counted < 0) return undefined;
  const beside = counted >= read + written ? 0 : counted >= read ? written : read + written;
  return counted + beside <= LARGEST ? counted + beside : undefined;
}
