import type { Command } from 'commander';
import {
  explain,
  frameworks,
  holds,
  keygen,
  liftHold,
  placeHold,
  plan,
  verifyCertificate,
} from '../commands/retention.ts';
import type { Commanding } from './command.ts';
import { tokenFile } from './operators.ts';

/** How long things stay, what keeps them longer, and what was deleted. */
export function retention(program: Command, command: Commanding): void {
  const group = program.command('retention').description('how long events stay, holds, and what is deleted');
  group
    .command('plan')
    .description('what the next passes will delete, when and why, and what waits for what; deletes nothing')
    .option('--limit <number>', 'at most so many partitions')
    .action(command(plan));
  group
    .command('explain <event>')
    .description('class and deadline of an event, with every framework, hold and correction')
    .action(command(explain));
  group.command('frameworks').description('periods, citations, and how firmly they stand').action(command(frameworks));
  group.command('holds').description('legal holds, in force and lifted').action(command(holds));
  group
    .command('hold')
    .description('place a legal hold, as an operator')
    .requiredOption('--where <condition>', 'over one event of audit.trail, such as "session_id = \'…\'"')
    .requiredOption('--reason <why>', 'stands on the trail')
    .option('--from <time>', 'events that occurred not before')
    .option('--to <time>', 'events that occurred before')
    .option(
      '--quarantine <topic>',
      'keep too what of this raw topic is in quarantine and was received in that time; * for all',
    )
    .addOption(tokenFile())
    .action(command(placeHold));
  group
    .command('lift <hold>')
    .description('lift a legal hold, as another operator than the one who placed it')
    .requiredOption('--reason <why>', 'stands on the trail')
    .addOption(tokenFile())
    .action(command(liftHold));
  group
    .command('verify <certificate>')
    .description('check the signature of a certificate of deletion; needs no store')
    .requiredOption('--key <file>', 'public key, PEM')
    .action(command(verifyCertificate));
  group
    .command('keygen <file>')
    .description('make the Ed25519 key that signs certificates; a file that exists is refused')
    .action(command(keygen));
}
