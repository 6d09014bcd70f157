/** Seeds that found a bug of ours, and what it was: without its mend (the mutant of that name) each breaks a promise. */
export const regressions: readonly { readonly seed: number; readonly was: string }[] = [
  { seed: 98, was: 'archive commits what is in doubt' },
];
