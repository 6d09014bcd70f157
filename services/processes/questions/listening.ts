import type { z } from 'zod';
import type { Operators } from '../operators.ts';
import { address } from '../serve.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

export const isLoopback = (at: string): boolean => LOOPBACK.has(address(at).host);

interface Listening {
  readonly listen: { readonly query: string };
  readonly operators: Operators;
}

/** Whoever asks from elsewhere shows an operator's token: without operators nobody could, and nobody is to find that out later. */
export function strangersAreNamed({ listen, operators }: Listening, context: z.core.$RefinementCtx): void {
  if (listen.query === 'off' || isLoopback(listen.query) || Object.keys(operators).length > 0) return;
  const message = 'is not on loopback: name operators, whose tokens are asked for there, or listen on 127.0.0.1';
  context.addIssue({ code: 'custom', path: ['listen', 'query'], message });
}
