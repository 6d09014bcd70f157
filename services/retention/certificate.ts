import { z } from 'zod';
import { openDocument, type SigningKey, sealDocument } from './signing.ts';

/** What was deleted, why, and what was not. Times are RFC 3339 in UTC. */
export const certificate = z.object({
  certificate: z.uuid(),
  /** Table of the store. */
  stored_in: z.string(),
  retention_class: z.string(),
  bucket: z.string(),
  rows: z.number(),
  /** Rows of the partition that are kept elsewhere: held, or of a class that became longer. */
  kept: z.number(),
  first_at: z.string(),
  last_at: z.string(),
  reasons: z.array(z.string()),
  frameworks: z.array(z.object({ name: z.string(), citation: z.string() })),
  lineages: z.array(
    z.object({
      epoch: z.number(),
      topic: z.string(),
      partition: z.number(),
      rows: z.number(),
      first_offset: z.number(),
      last_offset: z.number(),
    }),
  ),
  /**
   * The list, in a file beside, of the accounting ranges that had promised the rows: how many there are, and the SHA-256 of that
   * file. There is no bound on how many there can be. Null for rows that no account speaks of.
   */
  ranges: z.object({ count: z.number(), sha256: z.string() }).nullable().default(null),
  holds_considered: z.array(z.string()),
  decided_at: z.string(),
  measured_gone_at: z.string(),
  version: z.string(),
});
export type Certificate = z.output<typeof certificate>;

const PAYLOAD_TYPE = 'application/vnd.trailhouse.deletion+json';

/** The signed certificate, as its file holds it. */
export const seal = (content: Certificate, key: SigningKey): string => sealDocument(PAYLOAD_TYPE, content, key);

export type Opened =
  | { readonly kind: 'genuine'; readonly certificate: Certificate; readonly digest: string; readonly keyid: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Opens a certificate with the public key (PEM) that its operator handed out. */
export function open(text: string, publicPem: string): Opened {
  const opened = openDocument(PAYLOAD_TYPE, text, publicPem);
  if (opened.kind === 'refused') return opened;
  const said = certificate.safeParse(opened.content);
  if (!said.success) return { kind: 'refused', reason: 'it is signed, but says other than this version reads' };
  return { kind: 'genuine', certificate: said.data, digest: opened.digest, keyid: opened.keyid };
}
