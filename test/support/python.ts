import { spawnSync } from 'node:child_process';

/** Whether the verifier in Python can be run here; where it cannot, what was not checked is said aloud. */
export const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.warn('NOT CHECKED with the second verifier: there is no python3 here');
