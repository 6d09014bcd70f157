import { type Command, Option } from 'commander';
import { operatorNew, reveal, review } from '../commands/operators.ts';
import { ROLES } from '../operators.ts';
import type { Commanding } from './command.ts';

/** The token itself is never an argument: those show in the list of processes. */
export const tokenFile = () =>
  new Option('--operator-token-file <file>', 'the operator’s token; TRAILHOUSE_OPERATOR_TOKEN where left out');

/** What takes a name. */
export function operators(program: Command, command: Commanding): void {
  program
    .command('reveal <event>')
    .description('what an event holds, and what a seal keeps of it: an act of an operator')
    .requiredOption('--purpose <why>', 'why it has to be seen; stands on the trail')
    .option('--allow <operator>', 'show nothing, and let this operator see it for a day: health data take two people')
    .addOption(tokenFile())
    .action(command(reveal));

  program
    .command('review <event>')
    .description('record what a person decided about a model’s output that holds PHI')
    .addOption(
      new Option('--verdict <verdict>', 'what was decided')
        .choices(['approved', 'rejected', 'exempt'])
        .makeOptionMandatory(),
    )
    .option('--note <text>', 'kept as content; an exemption needs one')
    .addOption(tokenFile())
    .action(command(review));

  program
    .command('operator')
    .description('people who may do what takes a name')
    .command('new <name>')
    .description('a token, shown once, and what the configuration keeps of it')
    .addOption(new Option('--role <role>', 'what they may do').choices(ROLES).makeOptionMandatory())
    .action(command(operatorNew));
}
