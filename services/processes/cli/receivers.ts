import { type Command, Option } from 'commander';
import {
  buriedList,
  buriedRetry,
  buriedShow,
  buriedSkip,
  dialects,
  parity,
  replay,
  sinksList,
  sinksTest,
  steer,
} from '../commands/receivers.ts';
import type { Commanding } from './command.ts';
import { tokenFile } from './operators.ts';

/** Where events go, and what became of them there. */
export function receivers(program: Command, command: Commanding): void {
  const sinks = program
    .command('sinks')
    .description('receivers: state, what is delivered and waiting, the last reason')
    .action(command(sinksList));
  sinks
    .command('test <name>')
    .description('send one marked event all the way and wait for its receipt')
    .option('--seconds <seconds>', 'how long to wait for the receipt', '120')
    .addOption(tokenFile())
    .action(command(sinksTest));
  sinks
    .command('pause <name>')
    .description('deliver nothing until told to go on')
    .addOption(tokenFile())
    .action(command(steer('pause')));
  sinks
    .command('resume <name>')
    .description('go on after a pause')
    .addOption(tokenFile())
    .action(command(steer('resume')));

  const buried = program.command('buried').description('events a receiver turned down for good');
  buried
    .command('list')
    .description('events and reasons, newest first')
    .option('--sink <name>', 'of one receiver')
    .addOption(new Option('--outcome <outcome>', 'what became of them').choices(['buried', 'diverted', 'uncertain']))
    .option('--limit <number>', 'at most so many')
    .action(command(buriedList));
  buried.command('show <event>').description('the event, and its receipts').action(command(buriedShow));
  buried
    .command('retry <event...>')
    .description('send events to a receiver again')
    .requiredOption('--sink <name>', 'receiver')
    .addOption(tokenFile())
    .action(command(buriedRetry));
  buried
    .command('skip <event...>')
    .description('decide that events stay undelivered')
    .requiredOption('--sink <name>', 'receiver')
    .requiredOption('--reason <why>', 'kept with the decision')
    .addOption(tokenFile())
    .action(command(buriedSkip));

  program
    .command('replay')
    .description('send a stored period to a receiver again, marked as a replay')
    .requiredOption('--sink <name>', 'receiver')
    .requiredOption('--from <time>', 'not before')
    .requiredOption('--to <time>', 'before')
    .option('--where <condition>', 'over audit.trail, such as "surface = \'cli\'"')
    .addOption(tokenFile())
    .action(command(replay));

  program
    .command('parity')
    .description(
      'per hour: does what became of the events at a receiver add up to what is stored? Exit code 1 when not',
    )
    .requiredOption('--sink <name>', 'receiver')
    .option('--from <time>', 'not before')
    .option('--to <time>', 'before')
    .action(command(parity));

  program
    .command('dialects [kind]')
    .description('where each column of an event goes at a kind of receiver')
    .option('--lost', 'only what a receiver cannot carry')
    .action(
      command(async (globals, kind: string | undefined, given: { readonly lost?: boolean }) =>
        dialects(globals, kind, given),
      ),
    );
}
