import { type Command, Option } from 'commander';
import { accessReview, ask, quarantineList, quarantineRetry, quarantineShow, sql, timeline } from '../commands/ask.ts';
import { attribution } from '../commands/attribution.ts';
import { coverage } from '../commands/coverage.ts';
import { produce, tryFile } from '../commands/messages.ts';
import type { Commanding } from './command.ts';
import { tokenFile } from './operators.ts';

/** Messages in, and questions to what is stored. */
export function asking(program: Command, command: Commanding): void {
  program
    .command('try <file>')
    .description('show what each message of a file (or - for stdin) would become')
    .option('--topic <topic>', 'read as this raw topic would; without it every format may detect')
    .addOption(
      new Option('--encoding <encoding>', 'how the bytes are encoded').choices([
        'json',
        'text',
        'otlp_json',
        'otlp_proto',
      ]),
    )
    .action(command(tryFile));

  program
    .command('produce <file>')
    .description('append the messages of a file (or - for stdin) to a raw topic')
    .requiredOption('--topic <topic>', 'raw topic')
    .action(command(produce));

  program
    .command('sql <select>')
    .description('one SELECT over the views, such as audit.trail')
    .option('--param <name=value...>', 'value of a {name:Type} in the query')
    .option('--format <format>', 'an output format of ClickHouse, written as it comes')
    .addOption(tokenFile())
    .action(command(sql));

  program
    .command('query [name]')
    .description('a named query; without a name, the list of them')
    .option('--param <name=value...>', 'value of a parameter')
    .option('--format <format>', 'an output format of ClickHouse, written as it comes: CSVWithNames for a spreadsheet')
    .addOption(tokenFile())
    .action(command(ask));

  program
    .command('timeline')
    .description('what happened in a session, or what a person did, in order')
    .option('--session <id>', 'session or conversation')
    .option('--user <email>', 'e-mail address of the actor')
    .option('--from <time>', 'not before')
    .option('--to <time>', 'before')
    .action(command(timeline));

  program
    .command('attribution')
    .description('how many events are put down to somebody, and how surely')
    .option('--from <time>', 'not before')
    .option('--to <time>', 'before')
    .option('--unattributed', 'instead, what nobody is known for, and what would resolve it')
    .action(command(attribution));

  program
    .command('coverage')
    .description('whether every raw offset is accounted for; exit code 1 names a hole')
    .action(command(coverage));

  program
    .command('access-review')
    .description('who asked the trail, was shown what it keeps, exported it or acted on it')
    .option('--from <time>', 'not before')
    .option('--to <time>', 'before')
    .action(command(accessReview));

  const quarantine = program.command('quarantine').description('messages no format could take');
  quarantine.command('list').description('reasons, newest first').action(command(quarantineList));
  quarantine
    .command('show <id>')
    .description('the bytes of a message as they arrived')
    .addOption(tokenFile())
    .action(command(quarantineShow));
  quarantine
    .command('retry <id>')
    .description('send a message to its topic again, once')
    .addOption(tokenFile())
    .action(command(quarantineRetry));
}
