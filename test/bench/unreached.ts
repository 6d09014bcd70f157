import type { Run } from './figure.ts';

/** A key that cannot be measured, said in its place. */
export const unreachedRun = (key: string, because: string): Run => ({
  keys: [key],
  measure: async () => ({ figures: [{ kind: 'unreached', key, because }], corpora: {}, notes: [] }),
});
