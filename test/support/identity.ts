import { identityConfig } from '../../services/identity/config.ts';
import { EMPTY_DIRECTORY } from '../../services/identity/directory.ts';
import type { IngestParts } from '../../services/processes/ingest/stage.ts';

/** Nobody is in the directory; bindings as they are by default. */
export const nobodyListed: IngestParts['identity'] = {
  directory: async () => EMPTY_DIRECTORY,
  bindings: identityConfig.parse({}).bindings,
};
