import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { flips } from '../prove/proof/flips.ts';
import { honest } from '../prove/proof/honest.ts';
import { hostileZips } from '../prove/proof/hostile-zips.ts';
import { isWhole } from '../prove/proof/tally.ts';
import { tampering } from '../prove/proof/tampering.ts';
import { openVerifiers, type Verifiers } from '../prove/proof/verifiers.ts';
import { filesOf } from '../prove/proof/zips.ts';
import { built, site, temporary } from '../support/evidence.ts';
import { hasPython } from '../support/python.ts';

/** The verifier of a bundle and the one in Python over one corpus, as `npm run prove -- proof` has it, and smaller. */

const folder = temporary();
const good = join(folder, 'good.zip');
let verifiers: Verifiers;

beforeAll(async () => {
  await built(good, (await site(5)).parts, { framework: 'itar' });
  if (hasPython) verifiers = await openVerifiers(good, folder);
});
afterAll(async () => {
  if (hasPython) await verifiers.close();
  rmSync(folder, { recursive: true });
});

const judging = () => ({ verifiers, path: join(folder, 'changed.zip') });

test.skipIf(!hasPython)('zips that would do harm are refused by both', async () => {
  for (const tally of await hostileZips(await filesOf(good), judging())) expect(tally).toSatisfy(isWhole);
});

test.skipIf(!hasPython)('every change is found and named, and both agree', async () => {
  for (const tally of await tampering(4, judging(), folder)) expect(tally).toSatisfy(isWhole);
});

test.skipIf(!hasPython)('every bit that is turned is found and named, and both agree', async () => {
  for (const tally of await flips(20, 60, judging(), folder)) expect(tally).toSatisfy(isWhole);
});

test.skipIf(!hasPython)('honest bundles are genuine to both', async () => {
  expect(await honest(35, verifiers, folder)).toMatchObject({ bundles: 35, alarms: 0, python: 0 });
});
