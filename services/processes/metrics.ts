import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** What a role counts about itself. Names follow Prometheus' conventions; no label holds event content. */
export interface Metrics {
  readonly registry: Registry;
  messages(topic: string, outcome: 'accepted' | 'skipped' | 'quarantined' | 'absent', count: number): void;
  events(topic: string, count: number): void;
  /** Reads totals of an archive lane at scrape time. */
  lane(topic: string, read: () => Readonly<Record<string, number>>): void;
  queries(kind: string): void;
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
  };
}
