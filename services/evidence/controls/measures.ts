/** What one row of a question is evidence of, in a sentence, and parameters that make its answer whole. */
export interface Measure {
  readonly row: string;
  readonly params?: Readonly<Record<string, string>>;
}

/** The most that a question takes. An answer that is cut there makes no bundle. */
const ALL = { limit: '999999' };

/** Named questions that bear on controls. */
export const MEASURES: Readonly<Record<string, Measure>> = {
  accessed: {
    row: 'A file, tool, address or command that AI tools used in the window, how often, and how often it was denied.',
  },
  denied: { row: 'One act that a policy, a person, a guardrail or a product turned down.' },
  denials: { row: 'How many acts of one kind were denied in the window, by which product and policy.' },
  guardrails: { row: 'What one guardrail found and did, in one mode, with the number of hits.' },
  findings: { row: 'Something a rule of the watch role raised for a person to look at.' },
  phi: { row: 'One interaction that held PHI, and whether a person reviewed what the model answered.' },
  budgets: { row: 'One request that a spending limit or a rate limit stopped.' },
  models: { row: 'Calls of one model through one product and provider.' },
  'mcp-calls': { row: 'Calls of one MCP tool by one person.' },
  'config-changes': { row: 'One change of production configuration through a coding agent.' },
  'access-reviews': {
    row: 'Acts of one kind by one principal on the audit trail itself: questions, reveals, exports, holds.',
  },
  'identity-changes': { row: 'One person got or lost access to an AI product, or rights were changed.' },
  'key-lifecycle': { row: 'One key was issued, replaced or revoked.' },
  'sign-ins': { row: 'Sign-ins to AI products of one outcome on one day.' },
  attribution: { row: 'Events of one surface and product, by how surely it is known who acted.' },
  unattributed: { row: 'Events for which nobody has an address, by the claim that would resolve them.', params: ALL },
  corrections: { row: 'It was found out later whom a claim had stood for; events themselves stay as they were.' },
  coverage: { row: 'One raw partition: whether every message is accounted for, with its holes.' },
  quarantine: { row: 'One message that no format could take, kept with its reason.', params: ALL },
  sinks: { row: 'One receiver: its state, and what was delivered, turned down and is waiting.' },
  retention: { row: 'One retention class: what is kept under it, and its first and last deadline.' },
  'retention-plan': { row: 'One partition of the store: when it leaves, and why not before.', params: ALL },
  holds: { row: 'One legal hold, in force or lifted, with its two operators.' },
  erasures: { row: 'One order to erase a person, by keyed token, with its ground and how far it has come.' },
  certificates: { row: 'One deletion, with the digest of the signed certificate that tells what was deleted.' },
};
