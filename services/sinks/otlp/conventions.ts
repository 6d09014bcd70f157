import type { AuditEvent } from '../../core/event.ts';

/** `gen_ai.operation.name`: what was done, in the words of the GenAI conventions. */
export const OPERATION = 'gen_ai.operation.name';

const TOOLS = ['tool.call', 'mcp.tool.call', 'shell.exec', 'file.read', 'file.write', 'file.upload', 'network.request'];

/** Answers and refusals stand beside the request they belong to: as operations of their own they would count twice. */
const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['llm.prompt', 'invoke_agent'],
  ['llm.request', 'chat'],
  ...TOOLS.map((action): [string, string] => [action, 'execute_tool']),
]);

/** Undefined for what the conventions have no word for. */
export const operationOf = ({ action }: AuditEvent): string | undefined => OPERATIONS.get(action);

/**
 * The log data model's numbers (https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber): info,
 * info2, warn, error and fatal.
 */
const SEVERITIES: ReadonlyMap<string, number> = new Map([
  ['info', 9],
  ['low', 10],
  ['medium', 13],
  ['high', 17],
  ['critical', 21],
]);

/** 0, "unspecified", for a word that is none of ours. */
export const severityNumber = ({ severity }: AuditEvent): number => SEVERITIES.get(severity) ?? 0;

/** Whether a text is a trace id (32 digits) or span id (16) of W3C trace context: lower-case hex, not all zero. */
export function isId(text: string, digits: 16 | 32): boolean {
  if (text.length !== digits) return false;
  let zeros = 0;
  for (let at = 0; at < digits; at++) {
    const code = text.charCodeAt(at);
    if (code === 48) zeros++;
    else if (!((code > 48 && code <= 57) || (code >= 97 && code <= 102))) return false;
  }
  return zeros < digits;
}
