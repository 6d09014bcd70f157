import { z } from 'zod';
import { duration, text, time, user } from '../forwarder.ts';
import { isObject } from '../reading.ts';
import { unchanged } from '../whole.ts';

const id = z.union([z.string(), z.number()], 'is no text or number').nullish();
const jsonrpc = z.literal('2.0', 'is not 2.0');

/** A request, or a notification where it has no id. MCP names parameters, it never lists them. */
const request = z.object({
  jsonrpc,
  id,
  method: z.string('is no text').min(1, 'is empty'),
  params: z.custom<object>(isObject, 'is no object').nullish(),
});

const response = z
  .object({
    jsonrpc,
    id,
    result: z.unknown().optional(),
    error: z
      .object({ code: z.number('is no number').int('is no whole number'), message: text }, 'is no object')
      .nullish(),
  })
  .refine(({ result, error }) => (result == null) !== (error == null), {
    path: ['result'],
    message: 'stands beside an error, or neither is there',
  });

export type Request = z.output<typeof request>;
export type Response = z.output<typeof response>;

/** The method tells them apart: a response does not repeat it. */
const frame = unchanged<Request | Response>((message) =>
  isObject(message) && Object.hasOwn(message, 'method') ? request : response,
);

const capture = z
  .object({
    mcp: frame.nullish(),
    request: request.nullish(),
    response: response.nullish(),
    id: text,
    time,
    server: text,
    session: text,
    protocol_version: text,
    direction: z.enum(['client_to_server', 'server_to_client']).nullish(),
    user,
    latency_ms: duration,
    headers: z.custom<object>(isObject, 'is no object').nullish(),
  })
  .refine(({ mcp, request: asked, response: answer }) => mcp == null || (asked == null && answer == null), {
    path: ['mcp'],
    message: 'stands beside a request or a response',
  })
  // An error may come from a server that could not read the id.
  .refine(
    ({ request: asked, response: answer }) =>
      asked == null || answer == null || answer.id === asked.id || (answer.id == null && answer.error != null),
    { path: ['response', 'id'], message: 'is not the id of the request' },
  );

export type Capture = z.output<typeof capture>;

export const message = unchanged<Request | Response | Capture>((candidate) => (isFrame(candidate) ? frame : capture));

export function isFrame(candidate: unknown): boolean {
  return isObject(candidate) && Object.hasOwn(candidate, 'jsonrpc');
}
