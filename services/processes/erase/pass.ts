import { randomUUID } from 'node:crypto';
import { choose, countKept, keepBack, keptOf } from '../../clickhouse/retention/erasure/candidates.ts';
import {
  deliveredTo,
  eraseContent,
  erasePersonal,
  keysOf,
  writeHashes,
} from '../../clickhouse/retention/erasure/events.ts';
import {
  type Begun,
  begun,
  type ErasureOrder,
  type ErasureStep,
  forgetSteps,
  idsKnown,
  recordStep,
} from '../../clickhouse/retention/erasure/orders.ts';
import { messagesDropped } from '../../clickhouse/retention/erasure/quarantine.ts';
import { type Subject, subjectOf } from '../../clickhouse/retention/erasure/subject.ts';
import { activeHolds } from '../../clickhouse/retention/holds.ts';
import { dropStale } from '../../clickhouse/rollups.ts';
import { TOKEN_KEY } from '../../privacy/profile.ts';
import { accountKey, personKey } from '../../privacy/subject-key.ts';
import { ERASURE_TYPE, type ErasureCertificate, erasureCertificate } from '../../retention/erasure.ts';
import { sealDocument } from '../../retention/signing.ts';
import { ourselves, record } from '../acts.ts';
import { VERSION } from '../version.ts';
import { writeWhole } from '../whole-file.ts';
import { fileErased } from './filing.ts';
import { type EraseParts, nowUs } from './parts.ts';
import { eraseQuarantined } from './quarantine.ts';

const DAY_US = 86_400_000_000;

/**
 * Goes on with one order: takes what may go now, says what stays and why, and leaves a certificate where there is anything to
 * certify. Every step may be repeated. An order is closed when nothing stays, and no topic can bring anything back.
 */
export async function carryOut(order: ErasureOrder, parts: EraseParts): Promise<void> {
  const { writer } = parts.clickhouse;
  const found = await begun(writer, order.erasure);
  const certificate = found?.certificate ?? randomUUID();
  const sealed = found?.steps.certified ?? (await erase(order, certificate, found, parts));
  if (sealed === undefined) return;
  await deliver(order, certificate, sealed, parts);
}

/** The certificate, sealed; undefined where there was nothing to do. */
async function erase(
  order: ErasureOrder,
  certificate: string,
  before: Begun | undefined,
  parts: EraseParts,
): Promise<string | undefined> {
  const { clickhouse, clock } = parts;
  const { writer } = clickhouse;
  const subject = await known(order, parts);
  const write = (step: ErasureStep, text: string) =>
    recordStep(writer, { certificate, erasure: order.erasure }, step, text, nowUs(clock));
  const begin = () => write('begun', JSON.stringify(subject.ids));

  const going = await look(order, certificate, subject, parts, false);
  const quarantine = await eraseQuarantined(subject, certificate, begin, parts);
  const isRested = nowUs(clock) >= order.ordered_at + (parts.topicDays + 1) * DAY_US;
  const isDone = (await countKept(writer, certificate)) === 0 && quarantine.waiting.length === 0;
  const closing = isRested && isDone;
  const isIdle = before === undefined && order.isCertified && going === 0 && quarantine.messages === 0;
  if (isIdle && !closing) return undefined;

  await begin();
  if (closing) await look(order, certificate, subject, parts, true);
  const kept = await keptOf(writer, certificate);
  const events = await writeHashes(writer, certificate);
  const list = await fileErased(writer, parts.certificates, certificate);
  await erasePersonal(writer, certificate);
  const keys_destroyed = await destroyKeys(certificate, subject, before?.steps.keys, write, parts);
  const contents = await eraseContent(writer, certificate);
  await dropStale(writer);
  const messages = await messagesDropped(writer, certificate);
  const body: ErasureCertificate = erasureCertificate.parse({
    ...about(order, certificate, parts),
    state: closing && kept.length === 0 ? 'closed' : 'standing',
    ...{ events, contents, list, keys_destroyed, kept },
    quarantine: { messages, waiting: quarantine.waiting },
    receivers: await deliveredTo(writer, certificate),
  });
  const sealed = sealDocument(ERASURE_TYPE, body, parts.signingKey);
  await write('certified', sealed);
  return sealed;
}

/** What a certificate says of its order, and of when. */
function about(order: ErasureOrder, certificate: string, parts: EraseParts) {
  const { erasure, subject, basis, ordered_by } = order;
  return {
    ...{ certificate, erasure, subject, basis, ordered_by },
    ordered_at: new Date(order.ordered_at / 1000).toISOString(),
    carried_out_at: parts.clock.now().toISOString(),
    topics: runningOut(order, parts),
    version: VERSION,
  };
}

/** How many events may go now. The order itself goes last, when it is closed. */
async function look(
  { erasure, ordered_at }: ErasureOrder,
  certificate: string,
  subject: Subject,
  { clickhouse, duties, clock }: EraseParts,
  closing: boolean,
): Promise<number> {
  const { writer } = clickhouse;
  const extent = { before: ordered_at + 1, ...(closing ? { closing: erasure } : {}) };
  const all = await choose(writer, certificate, subject, extent);
  await keepBack(writer, certificate, subject, { holds: await activeHolds(writer), duties, now: nowUs(clock) });
  return all - (await countKept(writer, certificate));
}

async function known({ email, id, erasure }: ErasureOrder, { clickhouse }: EraseParts): Promise<Subject> {
  const now = email === '' ? { email, ids: [id] } : await subjectOf(clickhouse.writer, email);
  const before = await idsKnown(clickhouse.writer, erasure);
  return { email, ids: [...new Set([...before, ...now.ids])].sort() };
}

/** Names are written down before the keys go: afterwards nothing tells them. */
async function destroyKeys(
  certificate: string,
  { email, ids }: Subject,
  before: string | undefined,
  write: (step: ErasureStep, text: string) => Promise<void>,
  { clickhouse, keys }: EraseParts,
): Promise<readonly string[]> {
  const tokenKey = await keys.get(TOKEN_KEY);
  const named = [...(email === '' ? [] : [personKey(email, tokenKey)]), ...ids.map((id) => accountKey(id, tokenKey))];
  const names: string[] = before === undefined ? [] : JSON.parse(before);
  if (before === undefined)
    for (const name of await keysOf(clickhouse.writer, certificate, named))
      if ((await keys.find(name)) !== undefined) names.push(name);
  await write('keys', JSON.stringify(names));
  for (const name of names) await keys.destroy(name);
  return names;
}

/** Our own topics; when raw topics forget is for their owner to say. */
function runningOut({ ordered_at }: ErasureOrder, { topicDays }: EraseParts): ErasureCertificate['topics'] {
  const until = new Date((ordered_at + topicDays * DAY_US) / 1000).toISOString();
  const ours = ['audit.events', 'audit.content', 'audit.quarantine'].map((topic) => ({ topic, until }));
  return [...ours, { topic: 'the raw topics', until: null }];
}

/** Files the certificate and tells of it. An act of the same id that was told before counts once. */
async function deliver(order: ErasureOrder, certificate: string, sealed: string, parts: EraseParts): Promise<void> {
  const { clickhouse, log, clock, logger } = parts;
  await writeWhole(parts.certificates, `${certificate}.json`, (file) => file.writeFile(sealed));
  const { events, contents, state, kept } = certified(sealed);
  const staying = kept.reduce((sum, { events: some }) => sum + some, 0);
  await record(
    {
      action: 'erasure.carried_out',
      id: `erasure/${certificate}`,
      outcome: 'success',
      severity: 'medium',
      target: `erasure ${order.erasure}`,
      asker: ourselves('erase'),
      attributes: {
        certificate,
        erasure: order.erasure,
        subject: order.subject,
        events,
        contents,
        kept: staying,
        state,
      },
      content: { certificate: sealed },
    },
    log,
    clock,
  );
  await recordStep(clickhouse.writer, { certificate, erasure: order.erasure }, 'told', '', nowUs(clock));
  if (state === 'closed') await forgetSteps(clickhouse.writer, order.erasure);
  logger.info({ certificate, erasure: order.erasure, events, kept: staying, state }, 'erased');
}

function certified(sealed: string): ErasureCertificate {
  const { payload } = JSON.parse(sealed);
  return erasureCertificate.parse(JSON.parse(Buffer.from(payload, 'base64').toString()));
}
