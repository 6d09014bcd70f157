import { z } from 'zod';
import type { Fields } from '../flat.ts';
import { unchanged } from '../whole.ts';
import { isLine, type Line, readLine } from './line.ts';

/** In every line of the JSON format; an envelope may look like one otherwise. */
const record = z.looseObject({ level: z.string(), time: z.string(), scope: z.string() });
const json = unchanged<Fields>(() => record);
const mark = record.extend({ trailhouse: z.undefined().optional() });

/** Lines of a text that are looked at to tell whose it is. */
const LOOKED_AT = 10;

export function isMessage(message: unknown): boolean {
  if (typeof message !== 'string') return mark.safeParse(message).success;
  return message.split('\n', LOOKED_AT).some((line) => isLine(line));
}

/** The lines of a message. One that is broken refuses them all: it may hide where another ends. */
export function linesOf(message: unknown, context: z.RefinementCtx): readonly Line[] {
  if (typeof message === 'string') return ofText(message, context);
  const { success, data, error } = json.safeParse(message);
  if (success) return [{ fields: data, attested: true }];
  for (const { path, message: wrong } of error.issues) context.addIssue({ code: 'custom', path, message: wrong });
  return z.NEVER;
}

function ofText(message: string, context: z.RefinementCtx): readonly Line[] {
  const lines: Line[] = [];
  for (const [index, text] of message.split('\n').entries()) {
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (line === '') continue;
    const read = readLine(line);
    if (!read.ok) {
      context.addIssue({ code: 'custom', message: `line ${index + 1} ${read.reason}` });
      return z.NEVER;
    }
    lines.push(read.line);
  }
  if (lines.length === 0) context.addIssue({ code: 'custom', message: 'holds no line' });
  return lines;
}
