import { SOC } from '../addresses.ts';
import { BLUE, ORANGE, thresholds, VERMILLION } from '../colours.ts';
import { narrows, stepped, unit, words } from '../fields.ts';
import { PRODUCT, SHOWN, SURFACE } from '../filters.ts';
import { line, type Section } from '../layout.ts';
import { bars, table } from '../panels.ts';
import { CONFIDENCES, LANE_STATES } from '../words.ts';

const none = thresholds(BLUE, [1, VERMILLION]);

export const assurance: Section = {
  id: 600,
  title: 'Can the trail be relied on?',
  lines: [
    line(
      9,
      bars({
        id: 601,
        title: 'How far names can be relied on',
        description:
          'verified: an identity provider, a gateway key or a certificate said so. claimed: the client said so. inferred: joined from the session. none: nobody said.',
        unit: 'short',
        share: true,
        words: CONFIDENCES,
        sql: `
SELECT $__timeInterval(occurred_at) AS time, actor_confidence AS series, count() AS events
FROM audit.trail
WHERE ${SHOWN}
GROUP BY time, series
ORDER BY time, series`,
      }),
      table({
        id: 602,
        title: 'Without a person, by source',
        description: 'Where names are missing. `trailhouse attribution` says what would resolve them.',
        fields: [
          ...unit('percentunit', 'Share'),
          stepped('Share', thresholds(BLUE, [0.05, ORANGE], [0.2, VERMILLION])),
          narrows('Product', SOC, 'product'),
        ],
        sql: `
SELECT ${PRODUCT} AS Product, ${SURFACE} AS Surface, format AS Format, count() AS Events,
  countIf(actor_confidence = 'none') AS Unattributed, Unattributed / Events AS Share, countIf(actor_confidence = 'claimed') AS Claimed,
  countIf(actor_confidence = 'inferred') AS Inferred, countIf(actor_confidence = 'verified') AS Verified
FROM audit.trail
WHERE ${SHOWN}
GROUP BY Product, Surface, Format
ORDER BY Unattributed DESC, Product, Surface, Format`,
      }),
    ),
    line(
      9,
      table({
        id: 603,
        title: 'Coverage',
        description:
          'Per raw partition, whatever the time range: every offset is accounted for, and what the accounts promise is stored. When not: docs/runbooks/coverage.md.',
        fields: [
          words('State', ['complete', 'incomplete']),
          ...['Holes', 'Short', 'Twice'].map((column) => stepped(column, none)),
        ],
        sql: `
SELECT origin_topic AS Topic, origin_partition AS Partition, if(complete, 'complete', 'incomplete') AS State, next AS "Next offset", events AS Events, accepted AS Accepted,
  skipped AS Skipped, quarantined AS Quarantined, absent AS Absent, length(holes) AS Holes, length(short) AS Short, twice AS Twice, settled_at AS Settled
FROM audit.coverage
ORDER BY complete, origin_topic, origin_partition, origin_epoch`,
      }),
      table({
        id: 604,
        title: 'Quarantine',
        description:
          'Messages no format could take, by what is wrong with them. Their bytes are kept sealed; once the cause is mended they can be sent again: docs/runbooks/quarantine.md.',
        fields: unit('bytes', 'Largest'),
        sql: `
SELECT origin_topic AS Topic, reason AS Reason, count() AS Messages, max(bytes) AS Largest, min(received_at) AS First, max(received_at) AS Last
FROM audit.quarantined
WHERE $__timeFilter_ms(received_at)
GROUP BY Topic, Reason
ORDER BY Messages DESC, Topic, Reason
LIMIT 100`,
      }),
    ),
    line(
      9,
      table({
        id: 605,
        title: 'Receivers',
        description:
          'The state of every lane now: a receiver and a partition of the trail. parked: its setup is at fault (docs/runbooks/receiver-parked.md). Buried: turned down for good; uncertain: it may or may not hold them.',
        fields: [
          words('State', LANE_STATES),
          ...['Buried', 'Uncertain'].map((column) => stepped(column, thresholds(BLUE, [1, ORANGE]))),
        ],
        sql: `
SELECT sink AS Receiver, audit_partition AS Partition, state AS State, state_reason AS Why, waiting AS Waiting, oldest_waiting AS "Oldest waiting",
  delivered AS Delivered, buried AS Buried, filtered AS Filtered, diverted AS Diverted, uncertain AS Uncertain, reported_at AS Reported
FROM audit.lanes
ORDER BY indexOf(['running', 'paused', 'retrying', 'parked'], state) DESC, sink, audit_partition`,
      }),
      bars({
        id: 606,
        title: 'Deliveries',
        description:
          'Events each receiver confirmed, by when the receipt was written. A lane that stands still shows as a gap.',
        unit: 'short',
        sql: `
SELECT $__timeInterval(settled_at) AS time, sink AS series, sum(delivered) AS events
FROM audit.receipts
WHERE $__timeFilter_ms(settled_at)
GROUP BY time, series
ORDER BY time, series`,
      }),
    ),
  ],
};
