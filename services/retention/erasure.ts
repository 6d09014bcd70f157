import { z } from 'zod';
import type { FrameworkName } from './frameworks.ts';
import { openDocument } from './signing.ts';

/** What was erased, what stays and why, and where copies may still be. Times are RFC 3339 in UTC. Names nobody. */
export const erasureCertificate = z.object({
  certificate: z.uuid(),
  /** Event id of the order. */
  erasure: z.uuid(),
  /** Keyed token of the subject. */
  subject: z.string(),
  basis: z.string(),
  ordered_by: z.string(),
  ordered_at: z.string(),
  carried_out_at: z.string(),
  /** `standing`: something stays or may still arrive; the order goes on. `closed`: nothing of it is left to do. */
  state: z.enum(['standing', 'closed']),
  /** Events whose personal part and salt gave way to their hash, and how many of them lost what was said. */
  events: z.number(),
  contents: z.number(),
  /** The list of these events with their hashes, in a file beside: how many lines it has, and its SHA-256. */
  list: z.object({ count: z.number(), sha256: z.string() }),
  /** Keys that sealed the subject's originals and are no more. */
  keys_destroyed: z.array(z.string()),
  quarantine: z.object({
    /** Messages that name the subject and are no more; what else their days hold is sealed under another key now. */
    messages: z.number(),
    /** Keys of days that cannot be sealed anew yet. */
    waiting: z.array(z.object({ key: z.string(), why: z.string() })),
  }),
  kept: z.array(z.object({ reason: z.string(), events: z.number(), until: z.string().nullable() })),
  /** Receivers that were sent a copy. */
  receivers: z.array(z.object({ sink: z.string(), events: z.number() })),
  /** Topics whose records run out by themselves, and when those of before the order have at the latest. */
  topics: z.array(z.object({ topic: z.string(), until: z.string().nullable() })),
  version: z.string(),
});
export type ErasureCertificate = z.output<typeof erasureCertificate>;

/**
 * Frameworks that oblige by law, so that erasure waits for their period (GDPR Article 17(3)(b)). Whether a law of another
 * country counts is for counsel to say: the configuration may name fewer or more.
 */
export const DUTIES: readonly FrameworkName[] = ['hipaa', 'itar', 'eu-ai-act'];

export const ERASURE_TYPE = 'application/vnd.trailhouse.erasure+json';

export type OpenedErasure =
  | {
      readonly kind: 'genuine';
      readonly certificate: ErasureCertificate;
      readonly digest: string;
      readonly keyid: string;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** Opens a certificate with a public key (PEM) that its operator handed out. */
export function openErasure(text: string, publicPem: string): OpenedErasure {
  const opened = openDocument(ERASURE_TYPE, text, publicPem);
  if (opened.kind === 'refused') return opened;
  const said = erasureCertificate.safeParse(opened.content);
  if (!said.success) return { kind: 'refused', reason: 'it is signed, but says other than this version reads' };
  return { kind: 'genuine', certificate: said.data, digest: opened.digest, keyid: opened.keyid };
}
