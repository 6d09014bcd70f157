#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { ask, quarantineList, quarantineRetry, quarantineShow, sql, timeline } from './commands/ask.ts';
import { coverage } from './commands/coverage.ts';
import { EXIT, Failure } from './commands/exit.ts';
import type { Globals } from './commands/globals.ts';
import { produce, tryFile } from './commands/messages.ts';
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
} from './commands/receivers.ts';
import { neutralLines } from './commands/render.ts';
import { ConfigError } from './config-error.ts';
import { archiveRole, exportRole, ingestRole, setupRole, watchRole } from './roles.ts';
import { up } from './up.ts';
import { VERSION } from './version.ts';

const program = new Command('trailhouse')
  .description('Audit trail of the AI tools of a company: from gateway, MCP and endpoint events to rows you can ask.')
  .version(VERSION)
  .addOption(new Option('-c, --config <file>', 'configuration file (YAML)').env('TRAILHOUSE_CONFIG'))
  .option('--json', 'answers as JSON lines')
  .showSuggestionAfterError()
  .exitOverride()
  .addHelpText(
    'after',
    `
Examples:
  trailhouse up                                     the whole pipeline; without --config, a demo day
  trailhouse try payload.json                       what a message would become; touches no store
  trailhouse sql 'SELECT action, count() FROM audit.trail GROUP BY action'
  trailhouse timeline --user priya.raman@alderbrook.example
  trailhouse coverage                               is every raw offset accounted for?

Exit codes: 0 done, 1 a finding or a failure, 2 a mistake in the command line or the configuration.`,
  );

program
  .command('up')
  .description('run ingest, archive, export and the query interface in this process')
  .action(role(up));
program.command('ingest').description('run the ingest role: raw topics to audit topics').action(role(ingestRole));
program.command('archive').description('run the archive role: audit topics to ClickHouse').action(role(archiveRole));
program.command('setup').description('create topics and tables, and end').action(role(setupRole));
program
  .command('export')
  .description('run the export role: audit events to the configured receivers')
  .action(role(exportRole));

program
  .command('watch')
  .description('run the watch role: late attributions and findings, from what is stored')
  .action(role(watchRole));

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
  .action(command(sql));

program
  .command('query [name]')
  .description('a named query; without a name, the list of them')
  .option('--param <name=value...>', 'value of a parameter')
  .option('--format <format>', 'an output format of ClickHouse, written as it comes: CSVWithNames for a spreadsheet')
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
  .command('coverage')
  .description('whether every raw offset is accounted for; exit code 1 names a hole')
  .action(command(coverage));

const quarantine = program.command('quarantine').description('messages no format could take');
quarantine.command('list').description('reasons, newest first').action(command(quarantineList));
quarantine.command('show <id>').description('the bytes of a message as they arrived').action(command(quarantineShow));
quarantine
  .command('retry <id>')
  .description('send a message to its topic again, once')
  .action(command(quarantineRetry));

const receivers = program
  .command('sinks')
  .description('receivers: state, what is delivered and waiting, the last reason')
  .action(command(sinksList));
receivers
  .command('test <name>')
  .description('send one marked event all the way and wait for its receipt')
  .option('--seconds <seconds>', 'how long to wait for the receipt', '120')
  .action(command(sinksTest));
receivers
  .command('pause <name>')
  .description('deliver nothing until told to go on')
  .action(command(steer('pause')));
receivers
  .command('resume <name>')
  .description('go on after a pause')
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
  .action(command(buriedRetry));
buried
  .command('skip <event...>')
  .description('decide that events stay undelivered')
  .requiredOption('--sink <name>', 'receiver')
  .requiredOption('--reason <why>', 'kept with the decision')
  .action(command(buriedSkip));

program
  .command('replay')
  .description('send a stored period to a receiver again, marked as a replay')
  .requiredOption('--sink <name>', 'receiver')
  .requiredOption('--from <time>', 'not before')
  .requiredOption('--to <time>', 'before')
  .option('--where <condition>', 'over audit.trail, such as "surface = \'cli\'"')
  .action(command(replay));

program
  .command('parity')
  .description('per hour: does what became of the events at a receiver add up to what is stored? Exit code 1 when not')
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

/** A role runs until it is signalled; its code is the process's. */
function role(run: (config: string | undefined) => Promise<number>): (...given: unknown[]) => Promise<void> {
  return async () => {
    process.exitCode = await run(globals().config);
    // Handles of the engine and of broker connections must not keep a drained process alive.
    process.exit();
  };
}

type Run<A extends readonly unknown[]> = (globals: Globals, ...given: A) => Promise<number>;

function command<A extends readonly unknown[]>(run: Run<A>): (...given: A) => Promise<void> {
  return async (...given) => {
    process.exitCode = await run(globals(), ...given);
  };
}

function globals(): Globals {
  return program.opts();
}

try {
  await program.parseAsync();
  process.exit();
} catch (error) {
  process.exit(complain(error));
}

function complain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof ConfigError) return say(error.message, EXIT.usage);
  if (error instanceof Failure) return say(error.message, error.code);
  return say(error instanceof Error ? `${error.name}: ${error.message}` : 'failed', EXIT.found);
}

/** ClickHouse's words may quote what a row holds. */
function say(words: string, code: number): number {
  process.stderr.write(`${neutralLines(words)}\n`);
  return code;
}
