import { seal } from '../../privacy/seal.ts';

/** The content columns a seal fills. */
export interface Sealed {
  readonly sealed: Uint8Array;
  readonly key_id: string;
}

export const UNSEALED: Sealed = { sealed: Buffer.alloc(0), key_id: '' };

/** The event's id is part of the seal: it opens in its own place alone. */
export function sealOriginal(original: object, eventId: string, name: string, key: Uint8Array): Sealed {
  const sealed = seal(key, Buffer.from(JSON.stringify(original)), Buffer.from(eventId));
  return { sealed: Buffer.from(sealed), key_id: name };
}
