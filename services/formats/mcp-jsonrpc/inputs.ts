import type { Mapped, Part } from '../../core/format.ts';
import { isObject, type Reading, reading } from '../reading.ts';
import { type Act, answerIn } from './acts.ts';

/**
 * Since version 2026-07-28 a server asks a person or a model by answering that it needs input; the client sends the
 * request again, with the answers. Each of them is an act, counted here and not where it was asked for. Their kinds are
 * told apart by the fields that the specification requires of each; roots, and what is no answer, stay with the request.
 */
export function inputParts(read: Reading, shared: Omit<Mapped, 'action' | 'outcome'>): readonly Part[] {
  const path = ['request', 'params', 'inputResponses'];
  const inputs = read.peek(...path);
  if (!isObject(inputs)) return [];
  return Object.entries(inputs).flatMap(([name, given]) => {
    const input = reading({ name, given });
    const answer = answerOf(input);
    if (answer === undefined) return [];
    read.take(...path, name);
    return [{ columns: { ...shared, ...ownOf(name, shared), ...answer }, from: { input: input.rest() } }];
  });
}

function answerOf(input: Reading): (Act & Pick<Mapped, 'mcp_method'>) | undefined {
  const elicited = answerIn(input, 'given');
  if (elicited !== undefined) return { ...elicited, mcp_method: 'elicitation/create' };
  if (input.word('given', 'role') === undefined) return undefined;
  const model_served = input.text('given', 'model');
  if (model_served === undefined) return undefined;
  return { action: 'llm.request', outcome: 'success', model_served, mcp_method: 'sampling/createMessage' };
}

/** Not those of the call that the input was for. */
function ownOf(name: string, { source_event_id }: Pick<Mapped, 'source_event_id'>): Partial<Mapped> {
  const own = source_event_id === undefined ? undefined : `${source_event_id}/${name}`;
  return { source_event_id: own, tool_name: undefined, target: undefined };
}
