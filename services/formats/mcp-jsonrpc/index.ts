import { defineFormat } from '../../core/format.ts';
import { isObject } from '../reading.ts';
import { exchangeOf } from './exchange.ts';
import { leaves } from './leaves.ts';
import { partsOf } from './parts.ts';
import { isFrame, message } from './schema.ts';
import { emptyOf } from './skipped.ts';

/**
 * JSON-RPC messages of the Model Context Protocol, versions 2025-06-18, 2025-11-25 and 2026-07-28
 * (https://modelcontextprotocol.io/specification), as a proxy between client and server captures them: one message as it
 * is, or one in a capture, or a request with its response:
 *
 *     { "mcp": {…} }   or   { "request": {…}, "response": {…} }   and beside either
 *     { "id": "…", "time": "2026-03-04T09:15:00.250Z", "server": "crm", "session": "…", "protocol_version": "2025-11-25",
 *       "direction": "client_to_server", "user": { "email", "id", "name", "basis" }, "latency_ms": 41, "headers": {…} }
 *
 * All of these are optional. `id` is the capture's own, the same when it is sent again; `time` is RFC 3339 with a zone,
 * `server` the name of the MCP server, `direction` that of the request or else of the message (or `server_to_client`),
 * `basis` what the proxy has checked the user by itself (`idp`, `gateway_key` or `mtls`), `headers` are those of the HTTP
 * request. Whatever else it says becomes content.
 *
 * An act is counted where it is asked for: a request without its response has an unknown outcome, and a response without
 * its request is an event of the session that tells how it ended, since a response does not name the method. Captures
 * that pair the two say most.
 */
export const mcpJsonrpc = defineFormat({
  name: 'mcp-jsonrpc',
  encodings: ['json'],
  leaves,

  detect(candidate) {
    if (!isObject(candidate) || Object.hasOwn(candidate, 'trailhouse')) return false;
    if (isFrame(candidate)) return ['method', 'result', 'error'].some((name) => Object.hasOwn(candidate, name));
    return ['mcp', 'request', 'response'].some((name) => isFrame(candidate[name]));
  },

  schema: message,

  map(read) {
    const exchange = exchangeOf(read);
    const empty = emptyOf(exchange);
    return empty === undefined ? partsOf(exchange) : { skip: empty };
  },
});
