import { openClickHouse } from '../../services/clickhouse/client.ts';

/**
 * `node read-store.ts DATA`: the origins of everything an embedded store holds, as JSON on stdout. A process of its own,
 * because the engine takes one directory per process.
 */
const [data = ''] = process.argv.slice(2);
const clickhouse = await openClickHouse({
  driver: 'embedded',
  path: `${data}/clickhouse`,
  spool: `${data}/spool-read`,
});
const origins = (table: string, ordinal: string) =>
  clickhouse.writer.rows(
    `SELECT origin_topic AS topic, origin_partition AS partition, origin_offset AS offset, ${ordinal} AS ordinal,
            count() AS copies
     FROM ${table} WHERE origin_topic != 'trailhouse.events' GROUP BY ALL`,
  );
const stored = {
  events: await origins('audit.events', 'origin_ordinal'),
  content: await origins('audit.content', 'origin_ordinal'),
  quarantined: await origins('audit.quarantine', 'toInt32(0)'),
  trail: await origins('audit.trail', 'origin_ordinal'),
  uncovered: (
    await clickhouse.writer.rows(
      `SELECT concat(origin_topic, '/', toString(origin_partition)) AS place FROM audit.coverage
       WHERE NOT complete AND origin_topic != 'trailhouse.events'`,
    )
  ).map(({ place }) => place),
};
process.stdout.write(JSON.stringify(stored), () => process.exit(0));
