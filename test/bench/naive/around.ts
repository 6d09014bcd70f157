import { privacyConfig } from '../../../services/privacy/config.ts';
import { openMasking } from '../../../services/privacy/masking.ts';
import type { Surroundings } from '../../../services/processes/ingest/settle.ts';
import type { Around } from './event.ts';

/**
 * What the twin shares with Trailhouse: detectors, directory and retention rules. Decoding, schema, mapping, encoding, hashing and
 * inserting are its own.
 */
export const naiveAround = ({ identify, retention }: Surroundings, tokenKey: Uint8Array, now: () => Date): Around => ({
  identify,
  retention,
  mask: openMasking(privacyConfig.parse({}), tokenKey),
  now,
});
