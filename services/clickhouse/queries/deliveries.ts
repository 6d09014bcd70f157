import { defineQuery, IN_WINDOW, WINDOW } from './query.ts';

export const sinks = defineQuery({
  name: 'sinks',
  title: 'How far is each receiver, and what holds it up? The worst state of its partitions counts.',
  params: {},
  sql: `WITH argMax((l.state, l.state_reason), (indexOf(['running', 'paused', 'retrying', 'parked'], l.state), l.reported_at)) AS worst
SELECT l.sink AS sink, worst.1 AS state, worst.2 AS state_reason, count() AS partitions, sum(l.waiting) AS waiting,
  min(l.oldest_waiting) AS oldest_waiting, sum(l.delivered) AS delivered, sum(l.buried) AS buried, sum(l.filtered) AS filtered,
  sum(l.diverted) AS diverted, sum(l.uncertain) AS uncertain, max(l.reported_at) AS reported_at
FROM audit.lanes AS l GROUP BY sink ORDER BY sink`,
});

export const buried = defineQuery({
  name: 'buried',
  title:
    'Which events did a receiver turn down, or may it miss (outcome=uncertain, diverted)? Newest first, resolved ones left out.',
  params: { sink: '', outcome: 'buried', limit: '1000' },
  sql: `WITH listed AS
(
  SELECT settled_at, sink, event_id, outcome, reason
  FROM audit.undelivered
  WHERE outcome = {outcome:String} AND resolved = '' AND ({sink:String} = '' OR sink = {sink:String})
  ORDER BY settled_at DESC, audit_partition, audit_offset LIMIT {limit:UInt32}
)
SELECT l.settled_at AS settled_at, l.sink AS sink, l.event_id AS event_id, t.action AS action, t.occurred_at AS occurred_at, l.outcome AS outcome, l.reason AS reason
FROM listed AS l
LEFT JOIN
(
  SELECT toString(event_id) AS id, action, toNullable(occurred_at) AS occurred_at
  FROM audit.trail WHERE event_id IN (SELECT toUUIDOrZero(event_id) FROM listed)
) AS t ON l.event_id = t.id
ORDER BY l.settled_at DESC, l.event_id`,
});

export const parity = defineQuery({
  name: 'parity',
  title:
    'Does every stored event have its outcome at a receiver, hour by hour? Events from before it began are counted apart.',
  params: { sink: undefined, ...WINDOW },
  sql: `SELECT toStartOfHour(occurred_at) AS hour,
  countIf(state != 'before') AS stored,
  countIf(state = 'delivered') AS delivered,
  countIf(state = 'buried') AS buried,
  countIf(state = 'filtered') AS filtered,
  countIf(state = 'diverted') AS diverted,
  countIf(state = 'uncertain') AS uncertain,
  countIf(state = 'waiting') AS waiting,
  countIf(state = 'parked') AS parked,
  countIf(state = 'unaccounted') AS unaccounted,
  countIf(state = 'before') AS before,
  delivered + buried + filtered + diverted + uncertain + waiting + parked = stored AS equal
FROM audit.event_deliveries WHERE sink = {sink:String} AND ${IN_WINDOW} GROUP BY hour ORDER BY hour`,
});

export const receipts = defineQuery({
  name: 'receipts',
  title: 'What became of an event at each receiver? One row without a receiver where none has begun.',
  params: { event: undefined },
  sql: `SELECT t.occurred_at AS occurred_at, t.action AS action, d.sink AS sink, d.state AS state, d.reason AS reason, d.settled_at AS settled_at
FROM audit.trail AS t
LEFT JOIN (SELECT * FROM audit.event_deliveries WHERE event_id = toUUIDOrZero({event:String})) AS d ON t.event_id = d.event_id
WHERE t.event_id = toUUIDOrZero({event:String})
ORDER BY sink`,
});
