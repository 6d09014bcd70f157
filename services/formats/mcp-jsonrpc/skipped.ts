import type { Exchange } from './exchange.ts';

/** Why an exchange holds nothing to audit; undefined where it does. A ping that fails is worth knowing. */
export function emptyOf({ request, response }: Exchange): string | undefined {
  switch (request?.method) {
    case 'ping':
      return response?.error == null ? 'method: a ping is no act' : undefined;
    case 'notifications/initialized':
      return 'method: the end of the handshake is no act, its beginning is';
    case 'notifications/progress':
      return hasWords(request.params) ? undefined : 'method: progress without words is no act';
    default:
      return undefined;
  }
}

function hasWords(params: object | null | undefined): boolean {
  return params != null && Object.hasOwn(params, 'message');
}
