import type { Leaves } from '../../core/leaves.ts';

/** Fields that a column took are left out before; one that no page documents is content. */
export const leaves: Leaves = {
  columns: [],
  safe: ['ts', 'evt', 'result', 'sha256', 'ttl_hours', 'method'],
  personal: ['sub', 'email', 'identity', 'client_ip'],
};
