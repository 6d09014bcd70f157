import type { Mapped } from '../../core/format.ts';
import type { Flat } from '../flat.ts';

/** Ids as W3C's trace context writes them; others stay where they are. */
export function traceOf(read: Flat): Pick<Mapped, 'trace_id' | 'span_id'> {
  const id = (name: string, form: RegExp): string | undefined =>
    form.test(read.word(name) ?? '') ? read.text(name) : undefined;
  return { trace_id: id('trace.id', /^[0-9a-f]{32}$/), span_id: id('span.id', /^[0-9a-f]{16}$/) };
}
