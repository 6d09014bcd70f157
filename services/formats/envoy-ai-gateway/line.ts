import { z } from 'zod';
import { isObject } from '../reading.ts';
import { unchanged } from '../whole.ts';
import { isAiKey } from './keys.ts';

/** `%START_TIME%` and `%RESPONSE_CODE%`, a number unless the format joins it with text. Every other key is the operator's choice. */
const line = z.looseObject({
  start_time: z.string('is no text'),
  response_code: z.union([z.number().int(), z.string().regex(/^\d{1,3}$/)], 'is no status code'),
});

export type Line = z.output<typeof line>;

export const message = unchanged<Line>(() => line);

export function isLine(candidate: unknown): boolean {
  if (!isObject(candidate) || Object.hasOwn(candidate, 'trailhouse')) return false;
  return MARKS.every((name) => Object.hasOwn(candidate, name)) && Object.keys(candidate).some(isAiKey);
}

const MARKS = ['start_time', 'response_code'];
