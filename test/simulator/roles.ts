import type { Limits } from '../../services/clickhouse/archive/cut.ts';
import { archiveLane } from '../../services/clickhouse/archive.ts';
import type { ArchivedTopic } from '../../services/clickhouse/tables.ts';
import { silent } from '../../services/core/logger.ts';
import { type Dispatcher, openDispatcher } from '../../services/delivery/dispatch.ts';
import { privacyConfig } from '../../services/privacy/config.ts';
import { KIND_NAMES } from '../../services/privacy/kinds.ts';
import type { Bindings } from '../../services/processes/bindings.ts';
import { exportLane } from '../../services/processes/export/lane.ts';
import { reportLane } from '../../services/processes/export/report.ts';
import { openShelf } from '../../services/processes/export/store.ts';
import { openView } from '../../services/processes/export/view.ts';
import { ingest } from '../../services/processes/ingest/stage.ts';
import { retentionConfig } from '../../services/retention/config.ts';
import { nobodyListed } from '../support/identity.ts';
import { clickhouseOf } from './clickhouse.ts';
import { keysOf, schemasOf } from './disk.ts';
import type { Engine } from './engine.ts';
import type { Faults } from './faults.ts';
import type { Groups } from './groups.ts';
import { type Brokers, logOf } from './log.ts';
import type { Process } from './process.ts';
import type { Receiver } from './receiver.ts';

export type Role = 'ingest' | 'archive' | 'export';

/** What outlives every process. */
export interface Outside {
  readonly brokers: Brokers;
  readonly groups: Groups;
  readonly engine: Engine;
  readonly receivers: ReadonlyMap<string, Receiver>;
  readonly faults: Faults;
  readonly auditPartitions: number;
  readonly limits: Limits;
  readonly archived: readonly ArchivedTopic[];
  bindings(): Bindings;
}

type Run = (signal: AbortSignal) => Promise<void>;

const retention = retentionConfig.parse({});
/** People's data is not what is tried here, and looking for it is most of the work of starting. */
const privacy = privacyConfig.parse({ off: [...KIND_NAMES] });
const view = openView('clear', Buffer.alloc(32));

/** The real code of a role, inside one process. */
export function open(role: Role, process: Process, outside: Outside): readonly Run[] {
  if (role === 'ingest') return [ingesting(process, outside)];
  return role === 'archive' ? archiving(process, outside) : exporting(process, outside);
}

function ingesting(process: Process, outside: Outside): Run {
  return ingest({
    log: logOf(process, outside.brokers, outside.groups),
    bindings: outside.bindings(),
    auditPartitions: outside.auditPartitions,
    schemas: schemasOf(process),
    keys: keysOf(process),
    retention,
    identity: nobodyListed,
    quarantineDays: 30,
    privacy,
    clock: process.clock,
    logger: silent,
    count() {},
  }).run;
}

function archiving(process: Process, outside: Outside): readonly Run[] {
  const parts = {
    log: logOf(process, outside.brokers, outside.groups),
    clickhouse: clickhouseOf(process, outside.engine),
    schemas: schemasOf(process),
    logger: silent,
    clock: process.clock,
    owner: process.name,
    limits: outside.limits,
  };
  return outside.archived.map((topic) => archiveLane({ ...parts, topic, group: `archive.${topic}` }).run);
}

const FILTER = 'outcome';

function exporting(process: Process, outside: Outside): readonly Run[] {
  const { clock, world } = process;
  const log = logOf(process, outside.brokers, outside.groups);
  const schemas = schemasOf(process);
  const store = clickhouseOf(process, outside.engine).writer;
  return [...outside.receivers.values()].map((receiver) => async (signal) => {
    const { id: schemaId } = await schemas.current('audit-delivery');
    const dispatcher: Dispatcher = openDispatcher({
      sink: receiver.sink(process, () => !outside.faults.isOn),
      limits: { events: 4, bytes: 1_000_000, concurrency: 2 },
      clock,
      random: world.random.next,
      changed() {},
    });
    const lane = exportLane({
      ...{ sink: receiver.name, log, clock, logger: silent, schemas, schemaId, dispatcher },
      view,
      leftOut: (event) => (event.outcome === 'denied' ? FILTER : undefined),
      shelf: openShelf(store, clock, silent, signal),
      from: 'store',
      ready: Promise.resolve(),
      counted() {},
    });
    const report = { sink: receiver.name, lane, clock, logger: silent, alarm: async () => {}, buriedInRow: () => 0 };
    await Promise.all([lane.run(signal), reportLane(report, signal)]);
  });
}
