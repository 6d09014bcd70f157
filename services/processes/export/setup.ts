import type { Sink } from '../../core/sink.ts';
import { ConfigError } from '../config-error.ts';
import { ForbiddenAddress } from '../outbound.ts';

/** Codes of TLS for certificates: the receiver's, that nobody here trusts, or ours, that it asks for in vain. */
const CERTIFICATE =
  /CERT|ISSUER|UNKNOWN_CA|^(?:INVALID_CA|HOSTNAME_MISMATCH|UNABLE_TO_VERIFY_LEAF_SIGNATURE|INVALID_PURPOSE)$/;

/**
 * A secret that cannot be read, a certificate that is not trusted and an address no receiver has are faults of the setup, as a
 * token is that the receiver turns down: the lane parks and says so, instead of trying again without a word.
 */
export function parksOnSetup(sink: Sink): Sink {
  return {
    attemptMs: sink.attemptMs,
    close: () => sink.close(),
    async deliver(batch, signal) {
      try {
        return await sink.deliver(batch, signal);
      } catch (error) {
        const reason = faultOf(error);
        if (reason === undefined) throw error;
        return { kind: 'parked', reason };
      }
    },
  };
}

/** In words that quote nothing but the configuration's own names. */
function faultOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof ConfigError || at instanceof ForbiddenAddress) return at.message;
    if ('code' in at && CERTIFICATE.test(String(at.code))) return `certificate: ${String(at.code).slice(0, 64)}`;
  }
  return undefined;
}
