import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** What a role counts about itself. Names follow Prometheus' conventions; no label holds event content. */
export interface Metrics {
  readonly registry: Registry;
  messages(topic: string, outcome: 'accepted' | 'skipped' | 'quarantined' | 'absent', count: number): void;
  events(topic: string, count: number): void;
  /** Reads totals of an archive lane at scrape time. */
  lane(topic: string, read: () => Readonly<Record<string, number>>): void;
  queries(kind: string): void;
  /** What a round of the watch role put onto the trail. */
  found(round: string, count: number): void;
  /** Events that ended at a receiver. */
  settled(sink: string, outcome: string, count: number): void;
  /** Requests to a receiver, by its answer. */
  attempted(sink: string, answer: string): void;
  /** Reads the standing of an export lane at scrape time. */
  exported(sink: string, read: () => { readonly state: string; readonly oldestSeconds: number }): void;
}

export function openMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const messages = new Counter({
    name: 'trailhouse_raw_messages_total',
    help: 'Raw offsets settled by ingest, by topic and outcome.',
    labelNames: ['topic', 'outcome'],
    registers,
  });
  const events = new Counter({
    name: 'trailhouse_events_total',
    help: 'Audit events produced by ingest, by raw topic.',
    labelNames: ['topic'],
    registers,
  });
  const queries = new Counter({
    name: 'trailhouse_queries_total',
    help: 'Queries answered, by kind.',
    labelNames: ['kind'],
    registers,
  });
  const found = new Counter({
    name: 'trailhouse_watch_found_total',
    help: 'Late attributions and findings put onto the trail, and days rolled up, by round.',
    labelNames: ['round'],
    registers,
  });
  const lanes = new Map<string, () => Readonly<Record<string, number>>>();
  new Gauge({
    name: 'trailhouse_archive',
    help: 'Totals of the archive lanes since start, by audit topic.',
    labelNames: ['topic', 'what'],
    registers,
    collect() {
      for (const [topic, read] of lanes)
        for (const [what, value] of Object.entries(read())) this.set({ topic, what }, value);
    },
  });

  return {
    registry,
    messages: (topic, outcome, count) => messages.inc({ topic, outcome }, count),
    events: (topic, count) => events.inc({ topic }, count),
    lane: (topic, read) => void lanes.set(topic, read),
    queries: (kind) => queries.inc({ kind }),
    found: (round, count) => found.inc({ round }, count),
    ...exportMetrics(registers),
  };
}

const STATES = ['running', 'retrying', 'parked', 'paused'] as const;

function exportMetrics(registers: Registry[]): Pick<Metrics, 'settled' | 'attempted' | 'exported'> {
  const settled = new Counter({
    name: 'trailhouse_export_events_total',
    help: 'Audit events that ended at a receiver, by outcome.',
    labelNames: ['sink', 'outcome'],
    registers,
  });
  const attempted = new Counter({
    name: 'trailhouse_export_requests_total',
    help: 'Batches offered to a receiver, by its answer.',
    labelNames: ['sink', 'answer'],
    registers,
  });
  const lanes = new Map<string, Parameters<Metrics['exported']>[1]>();
  new Gauge({
    name: 'trailhouse_export_state',
    help: '1 for the state an export lane is in.',
    labelNames: ['sink', 'state'],
    registers,
    collect() {
      for (const [sink, read] of lanes)
        for (const state of STATES) this.set({ sink, state }, read().state === state ? 1 : 0);
    },
  });
  new Gauge({
    name: 'trailhouse_export_oldest_undelivered_seconds',
    help: 'How long the oldest event under way to a receiver has waited in this process.',
    labelNames: ['sink'],
    registers,
    collect() {
      for (const [sink, read] of lanes) this.set({ sink }, read().oldestSeconds);
    },
  });
  return {
    settled: (sink, outcome, count) => settled.inc({ sink, outcome }, count),
    attempted: (sink, answer) => attempted.inc({ sink, answer }),
    exported: (sink, read) => void lanes.set(sink, read),
  };
}
