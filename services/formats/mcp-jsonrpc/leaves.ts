import type { Leaves } from '../../core/leaves.ts';

/** Where version 2026-07-28 says with every message what a handshake said before. */
export const META = {
  client: 'io.modelcontextprotocol/clientInfo',
  server: 'io.modelcontextprotocol/serverInfo',
  version: 'io.modelcontextprotocol/protocolVersion',
} as const;

/**
 * Products and versions of the two sides, and how a call ended. Arguments, results, prompts, resources, log messages,
 * listings, capabilities, headers and whatever is not named here are content.
 */
export const leaves: Leaves = {
  columns: ['request.jsonrpc', 'response.jsonrpc', 'capture.latency_ms'],
  safe: [
    'traceparent',
    'capture.time',
    'capture.protocol_version',
    'capture.direction',
    'capture.user.basis',
    'request.params.protocolVersion',
    'request.params.clientInfo.name',
    'request.params.clientInfo.version',
    `request.params._meta.[${META.version}]`,
    `request.params._meta.[${META.client}].name`,
    `request.params._meta.[${META.client}].version`,
    'response.result.protocolVersion',
    'response.result.serverInfo.name',
    'response.result.serverInfo.version',
    `response.result._meta.[${META.server}].name`,
    `response.result._meta.[${META.server}].version`,
    'response.result.resultType',
    'response.result.isError',
  ],
  personal: ['capture.user.id', 'capture.user.email', 'capture.user.name'],
};
