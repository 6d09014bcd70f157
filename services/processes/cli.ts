#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { asking } from './cli/asking.ts';
import { erasure } from './cli/erasure.ts';
import { evidence } from './cli/evidence.ts';
import { ledger } from './cli/ledger.ts';
import { operators } from './cli/operators.ts';
import { receivers } from './cli/receivers.ts';
import { retention } from './cli/retention.ts';
import { accessSql } from './commands/access.ts';
import { EXIT, Failure } from './commands/exit.ts';
import type { Globals } from './commands/globals.ts';
import { neutralLines } from './commands/render.ts';
import { ConfigError } from './config-error.ts';
import { archiveRole, eraseRole, exportRole, ingestRole, retainRole, sealRole, setupRole, watchRole } from './roles.ts';
import { up } from './up.ts';
import { VERSION } from './version.ts';

const program = new Command('trailhouse')
  .description('Audit trail of the AI tools of a company: from gateway, MCP and endpoint events to rows you can ask.')
  .version(VERSION)
  .addOption(new Option('-c, --config <file>', 'configuration file (YAML)').env('TRAILHOUSE_CONFIG'))
  .option('--json', 'answers as JSON lines')
  .showSuggestionAfterError()
  .configureHelp({ showGlobalOptions: true })
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

Exit codes: 0 done, 1 something was found or failed, 2 a mistake in the command line or the configuration.`,
  );

program
  .command('up')
  .description('run every role and the query interface in this process; without --config, a demo day')
  .action(role(up));
program.command('ingest').description('run the ingest role: raw topics to audit topics').action(role(ingestRole));
program.command('archive').description('run the archive role: audit topics to ClickHouse').action(role(archiveRole));
program
  .command('retain')
  .description('run the retain role: what has run its time is deleted, and a certificate left')
  .action(role(retainRole));
program
  .command('setup')
  .description('create topics and tables, and end')
  .option('--access-sql', 'create nothing: print the roles and grants of people who ask the ClickHouse server directly')
  .action(({ accessSql: isAsked }) => (isAsked === true ? command(accessSql)() : role(setupRole)()));
program
  .command('export')
  .description('run the export role: audit events to the configured receivers')
  .action(role(exportRole));

program
  .command('watch')
  .description('run the watch role: late attributions and findings, from what is stored')
  .action(role(watchRole));

asking(program, command);
operators(program, command);
receivers(program, command);
retention(program, command);
evidence(program, command);
ledger(program, command, role(sealRole));
erasure(program, command, role(eraseRole));

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
} catch (error) {
  process.exitCode = complain(error);
}
// An exit drops what a pipe has not taken yet.
await Promise.all([process.stdout, process.stderr].map(written));
process.exit();

/** Resolves when a stream has handed on what was written to it, or its reader is gone. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
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
