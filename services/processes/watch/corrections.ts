import { z } from 'zod';
import { CONTRADICTED } from '../../clickhouse/contradicted.ts';
import { CLAIMS, CORRECTED } from '../../clickhouse/queries/attribution.ts';
import type { Clock } from '../../core/clock.ts';
import type { Basis, Confidence } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import type { Store } from '../../core/store.ts';
import { type Correction, corrections, takenBack, type Unresolved } from '../../identity/late.ts';
import type { Directory } from '../../identity/person.ts';
import { ourselves, record } from '../acts.ts';

export interface CorrectionParts {
  readonly store: Store;
  readonly log: Log;
  readonly clock: Clock;
  /** The directory as its files stand now. */
  directory(): Promise<Directory>;
  /** How long a person may have been at a device before and after they were seen there. */
  readonly deviceDays: number;
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
const corrected = z.array(
  z.object({ claim: z.string(), of_device: z.union([z.boolean(), z.number()]), email: z.string(), confidence }),
);
const contradicted = z.array(z.object({ claim: z.string(), events: z.number() }));

type Before = NonNullable<Unresolved['corrected']>;

/** Looks for claims that can be resolved by now, and puts who it was onto the trail, once. Answers how many it corrected. */
export function openCorrections({ store, log, clock, directory, deviceDays }: CorrectionParts): () => Promise<number> {
  /** Told already, though perhaps not stored yet. */
  const told = new Map<string, Before>();

  return async () => {
    const rows = corrected.parse(await store.rows(CORRECTED));
    const before = new Map(rows.map((row) => [nameOf(row.claim, Boolean(row.of_device)), row]));
    const unresolved = claims.parse(await store.rows(CLAIMS)).map((row): Unresolved => {
      const name = nameOf(row.claim, isOfDevice(row));
      return { ...row, corrected: told.get(name) ?? before.get(name) };
    });
    const found = [
      ...corrections(unresolved, await directory()),
      ...contradicted
        .parse(await store.rows(CONTRADICTED, { days: deviceDays }))
        .filter(({ claim }) => !told.has(claim))
        .map(takenBack),
    ];
    for (const each of found) {
      await append(each, log, clock);
      const name = nameOf(each.claim, isOfDevice({ claim: each.claim, bases: [each.basis] }));
      told.set(name, { email: each.email, confidence: each.confidence });
    }
    return found.length;
  };
}

/** An id of a device and the same one of an issuer are two claims. */
const nameOf = (claim: string, ofDevice: boolean): string => (ofDevice ? `device ${claim}` : claim);

const isOfDevice = ({ claim, bases }: Pick<Unresolved, 'claim' | 'bases'>): boolean =>
  claim.startsWith('actor:') && bases[0] === 'device';

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
