import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Bounds, Found, Run } from './figure.ts';
import { say } from './figure.ts';

const bytes = z.coerce.number();
const answer = z.object({
  rounds: z.array(z.object({ seconds: z.number(), cpu: z.object({ all: z.number() }) })),
  columns: z.array(z.object({ column: z.string(), bytes: bytes.positive('has no size of its own') })),
  disk: z.object({ rows: bytes, bytes }),
  corpus: z.string(),
});

type Answer = z.output<typeof answer>;

/** Hashes, salts, and ids that are of one event, call or session alone: nothing compresses them. */
const RANDOM = [
  ...['event_id', 'source_event_id', 'request_id', 'session_id', 'prompt_id', 'tool_use_id', 'retry_of'],
  ...['trace_id', 'span_id', 'parent_span_id', 'content_commitment', 'personal_salt'],
];

/** Columns that cost most are named below the table. */
const NAMED = 12;

/** Everything in one process on embedded defaults: raw topic to rows that can be queried; then what a row takes on the disk. */
export const embeddedRun: Run = {
  keys: ['embedded', 'embeddedPerCpu', 'bytesPerRow', 'bytesPerRowAll'],
  async measure({ events, repeats }: Bounds): Promise<Found> {
    const script = new URL('embedded-process.ts', import.meta.url).pathname;
    const given = [script, '--events', String(events), '--repeats', String(repeats)];
    const running = promisify(execFile)(process.execPath, given, { maxBuffer: 2 ** 24 });
    running.child.stderr?.on('data', (words) => say(String(words).trimEnd()));
    const { rounds, columns, disk, corpus } = answer.parse(JSON.parse((await running).stdout));
    const perRow = (names: (column: string) => boolean): readonly number[] => [
      columns.filter(({ column }) => names(column)).reduce((sum, one) => sum + one.bytes, 0) / disk.rows,
    ];
    return {
      figures: [
        { kind: 'measured', key: 'embedded', unit: 'events/s', values: rounds.map(({ seconds }) => events / seconds) },
        {
          ...{ kind: 'measured', key: 'embeddedPerCpu', unit: 'events/CPU-s' },
          values: rounds.map(({ cpu }) => events / cpu.all),
        },
        { kind: 'measured', key: 'bytesPerRow', unit: 'bytes', values: perRow((name) => !RANDOM.includes(name)) },
        { kind: 'measured', key: 'bytesPerRowAll', unit: 'bytes', values: perRow(() => true) },
      ],
      corpora: { 'W1, embedded': corpus },
      notes: [storedAs(columns, disk)],
    };
  },
};

function storedAs(columns: Answer['columns'], disk: Answer['disk']): string {
  const widest = [...columns].sort((a, b) => b.bytes - a.bytes).slice(0, NAMED);
  const each = widest.map(({ column, bytes: size }) => `${column} ${(size / disk.rows).toFixed(1)}`).join(', ');
  return (
    `Bytes a row: compressed columns of \`audit.events\` after OPTIMIZE, ${disk.rows} rows; \`bytesPerRow\` leaves out ${RANDOM.join(', ')}. ` +
    `On the disk, with indexes and marks: ${(disk.bytes / disk.rows).toFixed(1)}. The widest: ${each}.`
  );
}
