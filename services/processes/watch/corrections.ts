import { z } from 'zod';
import { CLAIMS, CORRECTED } from '../../clickhouse/queries/attribution.ts';
import type { Clock } from '../../core/clock.ts';
import type { Basis, Confidence } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import type { Store } from '../../core/store.ts';
import { type Correction, corrections, type Unresolved } from '../../identity/late.ts';
import type { Directory } from '../../identity/person.ts';
import { ourselves, record } from '../acts.ts';

export interface CorrectionParts {
  readonly store: Store;
  readonly log: Log;
  readonly clock: Clock;
  /** The directory as its files stand now. */
  directory(): Promise<Directory>;
}

const BASES = [
  ...(['idp', 'gateway_key', 'mtls', 'email_claim', 'account_id', 'session_binding', 'device', 'none'] as const),
] as const satisfies readonly Basis[];
const basis = z.enum(BASES);
const confidence = z.enum(['verified', 'claimed', 'inferred', 'none'] satisfies readonly Confidence[]);

const claims = z.array(
  z.object({
    claim: z.string(),
    events: z.number(),
    bases: z.array(basis),
    basis,
    confidence,
    named: z.union([z.boolean(), z.number()]).transform(Boolean),
    people: z.array(z.string()),
  }),
);
const corrected = z.array(z.object({ claim: z.string(), email: z.string(), confidence }));

type Before = NonNullable<Unresolved['corrected']>;

/** Looks for claims that can be resolved by now, and puts who it was onto the trail, once. Answers how many it corrected. */
export function openCorrections({ store, log, clock, directory }: CorrectionParts): () => Promise<number> {
  /** Told already, though perhaps not stored yet. */
  const told = new Map<string, Before>();

  return async () => {
    const before = new Map(corrected.parse(await store.rows(CORRECTED)).map((row) => [row.claim, row]));
    const unresolved = claims
      .parse(await store.rows(CLAIMS))
      .map((row): Unresolved => ({ ...row, corrected: told.get(row.claim) ?? before.get(row.claim) }));
    const found = corrections(unresolved, await directory());
    for (const each of found) {
      await append(each, log, clock);
      told.set(each.claim, { email: each.email, confidence: each.confidence });
    }
    return found.length;
  };
}

async function append(correction: Correction, log: Log, clock: Clock): Promise<void> {
  const { basis, confidence, why, events, ...subject } = correction;
  const act = {
    action: 'attribution.corrected',
    outcome: 'success',
    target: correction.claim,
    subject,
    asker: ourselves('watch'),
    attributes: { basis, confidence, why, events },
  } as const;
  await record(act, log, clock);
}
