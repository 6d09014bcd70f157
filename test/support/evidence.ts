import { generateKeyPairSync, hash, randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queries } from '../../services/clickhouse/queries/index.ts';
import { encodeEvent, personalHash } from '../../services/codec/event.ts';
import type { AuditEvent } from '../../services/core/event.ts';
import { buildBundle } from '../../services/evidence/bundle.ts';
import type { Parts, Row, StoredEvent } from '../../services/evidence/parts.ts';
import type { Request } from '../../services/evidence/request.ts';
import { verifyBundle } from '../../services/evidence/verify.ts';
import { openZip } from '../../services/evidence/zip-source.ts';
import { signCheckpoint } from '../../services/ledger/checkpoint.ts';
import { Edge } from '../../services/ledger/edge.ts';
import { signer } from '../../services/ledger/note.ts';
import { statementDigest } from '../../services/ledger/statement.ts';
import { HASH_BYTES } from '../../services/ledger/tree.ts';
import { erasedLine } from '../../services/retention/erased.ts';
import { ERASURE_TYPE } from '../../services/retention/erasure.ts';
import { sealDocument } from '../../services/retention/signing.ts';
import { DELETED, deletion, ERASURE, erasureOf, statementOf } from './evidence-said.ts';
import { full } from './full-event.ts';

/** Bundles over events and answers in memory, with a real tree and real keys. */

const DAY = Date.UTC(2026, 5, 1) * 1000;
const HOUR = 3_600_000_000;

export const REQUEST: Request = {
  framework: 'soc2',
  from: '2026-06-01T00:00:00Z',
  to: '2026-07-01T00:00:00Z',
  scope: '',
  profile: 'masked',
  purpose: 'yearly audit',
  operator: 'mara',
  role: 'auditor',
  asked_at: '2026-07-02T09:00:00Z',
};

/** What is left of the personal part of an event that was erased. */
const NOBODY = {
  ...{ actor_id: '', actor_email: '', actor_name: '', actor_groups: [], client_address: '', user_agent: '', host: '' },
  ...{ device: '', target: '', file_paths: [], command: '', error_message: '', personal_attributes: {} },
  personal_salt: Buffer.alloc(16),
};

/** An event every hour; its columns are full of what a spreadsheet or a page could trip over. */
export const eventAt = (index: number): AuditEvent => ({
  ...full,
  event_id: `00a1b200-0000-8000-8000-${String(index).padStart(12, '0')}`,
  origin_offset: index,
  occurred_at: DAY + index * HOUR + 7,
  actor_email: `person${index % 7}@example.com`,
  command: index % 3 === 0 ? '=HYPERLINK("https://evil.example")' : 'ls "a", b\n<script>alert(1)</script>',
  personal_salt: hash('sha256', `salt ${index}`, 'buffer').subarray(0, 16),
});

export interface Site {
  readonly parts: Parts;
  readonly events: StoredEvent[];
}

/**
 * `erased`, `gone`: by index, each under a signed certificate. `unsealed`: events that were promised and are not in the tree. Audit offsets leave holes, as a log does; leaf 0 and 1 lie before the window's events.
 */
export async function site(
  count: number,
  {
    erased = [],
    due = [],
    gone = [],
    unsealed = 0,
  }: { erased?: readonly number[]; due?: readonly number[]; gone?: readonly number[]; unsealed?: number } = {},
): Promise<Site> {
  const keys = ['checkpoints', 'evidence', 'certificates'].map(() => generateKeyPairSync('ed25519'));
  const [ledgerKey, evidenceKey, certificateKey] = keys;
  if (ledgerKey === undefined || evidenceKey === undefined || certificateKey === undefined) throw new Error('no keys');
  const notary = { id: '', key: certificateKey.privateKey };
  const edge = new Edge();
  const heads: { size: number; root: Uint8Array }[] = [];
  const tiles = new Map<string, Uint8Array>();
  const offsets: number[] = [];
  const keep = (level: number, index: number, hashes: Uint8Array) => void tiles.set(`${level}/${index}`, hashes);
  const stored: StoredEvent[] = [];
  const append = (leaf: Uint8Array, offset: number): void => {
    edge.append(leaf, ({ level, index, hashes }) => keep(level, index, hashes));
    offsets.push(offset);
    if (edge.size === 2 || edge.size === count) heads.push({ size: edge.size, root: edge.root() });
  };
  append(randomBytes(HASH_BYTES), 0);
  append(randomBytes(HASH_BYTES), 1);
  for (let index = 0; index < count; index++) {
    const event = eventAt(index);
    const offset = index * 2 + 10;
    append(encodeEvent(event).leaf, offset);
    if (gone.includes(index)) continue;
    const bare = { ...event, ...NOBODY };
    const isErased = erased.includes(index);
    stored.push({
      offset,
      isInWindow: true,
      isDue: due.includes(index),
      event: isErased ? bare : event,
      erased: isErased ? { hash: personalHash(event), certificate: ERASURE } : undefined,
    });
  }
  for (const { level, index, hashes } of edge.partials()) keep(level, index, hashes);
  const last = { size: edge.size, root: edge.root() };
  const sealer = signer('audit.example', ledgerKey.privateKey);
  const origin = 'audit.example/0';
  const sign = ({ size, root }: { size: number; root: Uint8Array }, previous: number) => {
    const promised = size - previous + (previous === 0 ? 0 : unsealed);
    const statement = statementOf({ origin, size, previous, promised });
    const head = { origin, size, root, firstOffset: 0, lastOffset: offsets[size - 1] ?? 0 };
    const signed = { ...head, signedAt: '2026-07-02T00:00:00Z', accounting: statementDigest(statement) };
    return { checkpoint: signCheckpoint(signed, [sealer]).note, statement };
  };
  const [first, final] = [sign(heads[0] ?? last, 0), sign(last, heads[0]?.size ?? 0)];
  const lost = stored.flatMap(({ event, erased: under }) =>
    under === undefined ? [] : [{ event: event.event_id, hash: Buffer.from(under.hash).toString('hex') }],
  );
  const list = lost.map(erasedLine).join('');
  const parts: Parts = {
    questions: queries,
    rows: async (sql, params) => answers(sql, params, stored),
    isBound: () => true,
    events: {
      extents: async () =>
        stored.length === 0 ? [] : [{ partition: 0, first: stored[0]?.offset ?? 0, last: stored.at(-1)?.offset ?? 0 }],
      read: async (_, from, before) => stored.filter(({ offset }) => offset >= from && offset < before),
    },
    tree: async () => ({
      ...{ size: last.size, checkpoint: final.checkpoint },
      ...{ firstSize: heads[0]?.size ?? last.size, firstCheckpoint: first.checkpoint },
      async *accounts() {
        yield* [first, final];
      },
      tiles: async (level, index) => tiles.get(`${level}/${index}`) ?? Buffer.alloc(0),
      indexOf: async (offset) => offsets.indexOf(offset),
    }),
    key: evidenceKey.privateKey,
    ledgerKeys: [sealer.verifier.vkey],
    certificateKeys: [certificateKey.publicKey.export({ type: 'spki', format: 'der' })],
    certificates: async () =>
      gone.length === 0 ? [] : [{ certificate: DELETED, text: deletion(gone.length, notary) }],
    erasure: async () => ({
      text: sealDocument(ERASURE_TYPE, erasureOf(list, lost.length), notary),
      async *lines() {
        yield list;
      },
    }),
    settings: { default: ['soc2'] },
    token: (text) => (text === '' ? '' : `tok_${hash('sha256', `key${text}`, 'base64url').slice(0, 22)}`),
    version: '0.1.0',
  };
  return { parts, events: stored };
}

/** The same without anything in memory but the tree: events are made as they are read. They all lie within the window. */
export async function stream(count: number): Promise<Parts> {
  const { parts } = await site(1);
  const { privateKey } = generateKeyPairSync('ed25519');
  const edge = new Edge();
  const tiles = new Map<string, Uint8Array>();
  const at = (index: number): AuditEvent => ({ ...eventAt(index), occurred_at: DAY + index });
  for (let index = 0; index < count; index++)
    edge.append(encodeEvent(at(index)).leaf, (tile) => void tiles.set(`${tile.level}/${tile.index}`, tile.hashes));
  for (const tile of edge.partials()) tiles.set(`${tile.level}/${tile.index}`, tile.hashes);
  const sealer = signer('audit.example', privateKey);
  const head = { origin: 'audit.example/0', size: count, root: edge.root(), firstOffset: 0, lastOffset: count - 1 };
  const statement = statementOf({ origin: 'audit.example/0', size: count, previous: 0, promised: count });
  const signed = { ...head, signedAt: '2026-07-02T00:00:00Z', accounting: statementDigest(statement) };
  const { note } = signCheckpoint(signed, [sealer]);
  return {
    ...parts,
    ledgerKeys: [sealer.verifier.vkey],
    rows: async (sql) => (sql.startsWith('DESCRIBE') ? [{ name: 'one' }] : []),
    events: {
      extents: async () => [{ partition: 0, first: 0, last: count - 1 }],
      read: async (_, from, before) =>
        Array.from({ length: Math.min(before, count) - from }, (_none, place) => ({
          ...{ offset: from + place, isInWindow: true, isDue: false, event: at(from + place), erased: undefined },
        })),
    },
    tree: async () => ({
      ...{ size: count, checkpoint: note, firstSize: count, firstCheckpoint: note },
      async *accounts() {
        yield { checkpoint: note, statement };
      },
      tiles: async (level, index) => tiles.get(`${level}/${index}`) ?? Buffer.alloc(0),
      indexOf: async (offset) => offset,
    }),
  };
}

/** `denied` lists every event; other questions have no rows. */
function answers(
  sql: string,
  params: Readonly<Record<string, string>>,
  stored: readonly StoredEvent[],
): readonly Row[] {
  const isDenied = sql.includes('decision_source') && sql.includes('AS what') && params.from !== undefined;
  const shown = stored.filter(({ isDue }) => !isDue);
  if (sql.startsWith('SELECT toString(count())')) return [{ rows: isDenied ? String(shown.length) : '0' }];
  if (sql.startsWith('DESCRIBE')) return [{ name: 'one' }, { name: 'event_id' }];
  if (!isDenied) return [];
  return (/OFFSET 0 /.test(sql) ? shown : []).map(({ event }) => ({
    occurred_at: '2026-06-01 00:00:00.000007',
    product: event.product,
    policy: '-rule, "1"',
    actor_email: event.actor_email,
    what: event.command,
    latency_ms: -1.5,
    reason: null,
    event_id: event.event_id,
  }));
}

export const temporary = (): string => mkdtempSync(join(tmpdir(), 'trailhouse-evidence-'));

export async function built(path: string, parts: Parts, request: Partial<Request> = {}): Promise<string> {
  await buildBundle(path, { ...REQUEST, ...request }, parts, () => {});
  return path;
}

export async function checked(path: string, key?: string, proof?: string, ledger?: string) {
  const source = await openZip(path);
  try {
    return await verifyBundle(source, { key, proof, ledger });
  } finally {
    await source.close();
  }
}
