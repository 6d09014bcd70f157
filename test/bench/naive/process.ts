import { createClient } from '@clickhouse/client';
import kafkajs from 'kafkajs';
import { openKeys } from '../../../services/privacy/keys.ts';
import { TOKEN_KEY } from '../../../services/privacy/profile.ts';
import { company } from '../corpus/company.ts';
import { surroundings } from '../surroundings.ts';
import { naiveAround } from './around.ts';
import { rowsOf } from './rows.ts';

/**
 * `node process.ts BROKER TOPIC URL KEYS`: the pipeline as one would write it in an afternoon. One process, kafkajs' eachMessage,
 * zod, avsc, JSONEachRow in batches of 10,000 rows, offsets committed after the rows are in. Paused and resumed over IPC.
 */
const [broker = '', topic = '', url = '', keys = ''] = process.argv.slice(2);

const ROWS = 10_000;
/** Rows that no others follow wait no longer. */
const WAIT_MS = 1_000;

const around = naiveAround(surroundings(company()), await openKeys(keys).get(TOKEN_KEY), () => new Date());
const client = createClient({ url });
const kafka = new kafkajs.Kafka({ clientId: 'naive', brokers: [broker], logLevel: kafkajs.logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: 'naive' });

type Row = Readonly<Record<string, unknown>>;
const empty = () => ({ 'naive.content': [] as Row[], 'naive.quarantine': [] as Row[], 'naive.events': [] as Row[] });
let rows = empty();
const offsets = new Map<number, string>();
let flushed: Promise<void> = Promise.resolve();

async function flush(): Promise<void> {
  const full = Object.entries(rows);
  const next = [...offsets].map(([partition, offset]) => ({ topic, partition, offset }));
  rows = empty();
  offsets.clear();
  for (const [table, values] of full)
    if (values.length > 0) await client.insert({ table, values, format: 'JSONEachRow' });
  if (next.length > 0) await consumer.commitOffsets(next);
}

/** One after the other. */
function flushInTurn(): Promise<void> {
  flushed = flushed.then(flush);
  return flushed;
}

await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await consumer.run({
  autoCommit: false,
  async eachMessage({ partition, message }) {
    const place = { topic, partition, offset: Number(message.offset), receivedAt: new Date(Number(message.timestamp)) };
    const made = rowsOf(message.value ?? Buffer.alloc(0), place, around);
    if (made.kind === 'event') {
      rows['naive.events'].push(made.event);
      rows['naive.content'].push(made.content);
    } else rows['naive.quarantine'].push(made.row);
    offsets.set(partition, String(BigInt(message.offset) + 1n));
    if (rows['naive.events'].length >= ROWS) await flushInTurn();
  },
});
setInterval(flushInTurn, WAIT_MS);

process.on('message', (order) => {
  if (order === 'pause') consumer.pause([{ topic }]);
  else consumer.resume([{ topic }]);
  process.send?.('done');
});
process.on('disconnect', () => process.exit(0));
process.send?.('running');
