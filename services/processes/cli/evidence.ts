import { type Command, Option } from 'commander';
import { frameworks } from '../../evidence/controls/index.ts';
import { build, controls, keygen, list, proof, verify } from '../commands/evidence.ts';
import type { Commanding } from './command.ts';
import { tokenFile } from './operators.ts';

/** Evidence for auditors. */
export function evidence(program: Command, command: Commanding): void {
  const group = program.command('evidence').description('bundles that an auditor verifies alone, offline');
  group
    .command('build')
    .description('build a bundle, verify it, and hand it over: an act of an operator')
    .addOption(
      new Option('--framework <name>', 'whose controls')
        .choices(frameworks.map(({ name }) => name))
        .makeOptionMandatory(),
    )
    .requiredOption('--from <time>', 'events that occurred not before, UTC: 2026-07-01')
    .requiredOption('--to <time>', 'events that occurred before')
    .option(
      '--scope <conditions>',
      'of one part: team=…, project=…, organisation=…, product=…, surface=…, joined by commas',
    )
    .addOption(
      new Option('--profile <profile>', 'personal data as keyed tokens, or in clear')
        .choices(['masked', 'full'])
        .default('masked'),
    )
    .requiredOption('--purpose <why>', 'stands in the bundle and on the trail')
    .requiredOption('--out <file>', 'the zip to write; one that exists is refused')
    .option('--parquet', 'beside it, the events as Parquet: unsigned, and not the same bytes each time')
    .addOption(tokenFile())
    .action(command(build));
  group
    .command('verify <file>')
    .description('check a bundle, zip or unpacked; exit code 1 names what was altered')
    .option('--key <fingerprint>', 'SHA-256 of the public key that has to have signed')
    .option('--ledger <fingerprint>', 'SHA-256 of the public key that has to have signed the ledger')
    .action(command(verify));
  group
    .command('proof <file> <event>')
    .description('the inclusion proof (C2SP tlog-proof) of one event of a bundle that verifies')
    .option('--key <fingerprint>', 'SHA-256 of the public key that has to have signed')
    .option('--ledger <fingerprint>', 'SHA-256 of the public key that has to have signed the ledger')
    .action(command(proof));
  group.command('list').description('bundles that were built, by whom and why').action(command(list));
  group
    .command('controls [framework]')
    .description('controls, the questions that bear on them, and what is not measured')
    .action(command(controls));
  group
    .command('keygen <file>')
    .description('make the Ed25519 key that signs bundles; a file that exists is refused')
    .action(command(keygen));
}
