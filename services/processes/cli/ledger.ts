import type { Command } from 'commander';
import { keygen, keys, proof, status, verify } from '../commands/ledger.ts';
import type { Commanding } from './command.ts';

/** What was signed, and whether the store still says the same. */
export function ledger(program: Command, command: Commanding, role: () => Promise<void>): void {
  program
    .command('seal')
    .description('run the seal role: a tree over the trail, and signed checkpoints of it')
    .action(role);
  const group = program
    .command('ledger')
    .description('signed trees over the trail: proofs, and whether the store agrees');
  group
    .command('verify')
    .description('hold every stored event against the signed trees, and name what was altered, removed, added or moved')
    .option('--from <time>', 'only what was signed from then on')
    .option('--to <time>', 'only what was signed until then')
    .action(command(verify));
  group.command('status').description('the newest checkpoints; needs no store').action(command(status));
  group
    .command('proof <event>')
    .description('print the inclusion proof of an event (c2sp.org/tlog-proof); needs no store')
    .action(command(proof));
  group.command('keys').description('public keys and fingerprints of who signs and signed').action(command(keys));
  group
    .command('keygen <file>')
    .description('make the Ed25519 key that signs checkpoints; a file that exists is refused')
    .action(command(keygen));
}
