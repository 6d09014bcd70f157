import type { Command } from 'commander';
import { erasures, orderErasure, showErasure, verifyErasure } from '../commands/erasure.ts';
import type { Token } from '../commands/operators.ts';
import type { Commanding } from './command.ts';
import { tokenFile } from './operators.ts';

interface Given extends Token {
  readonly subject?: string;
  readonly basis?: string;
  readonly reference?: string;
}

/** A person's right to erasure. One word for the role and for the order it carries out: the order names a subject. */
export function erasure(program: Command, command: Commanding, role: () => Promise<void>): void {
  program
    .command('erase')
    .description('order the erasure of a person, as an administrator; without --subject: run the erase role')
    .option('--subject <who>', 'an address, or an id at its issuer as id:…')
    .option('--basis <ground>', 'why, such as "GDPR 17(1)(b)"; stays on the trail')
    .option('--reference <case>', 'number of the request; stays on the trail')
    .addOption(tokenFile())
    .action(async (given: Given) => {
      const { subject } = given;
      if (subject === undefined) return role();
      return command((globals) => orderErasure(globals, { ...given, subject }))();
    });
  const group = program
    .command('erasures')
    .description('orders to erase, what was erased, and what stays for now and why')
    .action(() => command((globals) => erasures(globals))());
  group
    .command('show <order>')
    .description('certificates of an order, what stays and why, and which receivers hold copies; needs no store')
    .action(command(showErasure));
  group
    .command('verify <certificate>')
    .description('check the signature of a certificate of erasure; needs no store')
    .requiredOption('--key <file>', 'public key, PEM')
    .action(command(verifyErasure));
}
