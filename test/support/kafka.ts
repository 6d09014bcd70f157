import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, open as openFile, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { kafkaClassPath } from './kafka-jars.ts';
import { freePort } from './ports.ts';

const run = promisify(execFile);

export interface KafkaServer {
  readonly brokers: readonly string[];
  /** Runs one of Kafka's own command line tools, by its class; its input is written to its stdin. */
  tool(main: string, parameters: readonly string[], input?: string): Promise<string>;
  /** Changes a byte of a partition's first segment, as a failing disk would; a negative place counts from its end. */
  changeByte(topic: string, partition: number, at: number): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again on the same port and files. */
  restart(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

export interface KafkaOptions {
  /** Lines of the broker's configuration, beside or in place of the fixture's. */
  readonly config?: Readonly<Record<string, string>>;
}

const JVM = ['-Xmx512m', '-Xms128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
const START_MS = 60_000;
/** A cluster id is 16 bytes in base64url. */
const CLUSTER = 'dHJhaWxob3VzZS10ZXN0cw';

const LOGGING = `<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="OFF">
  <Appenders><Console name="stderr" target="SYSTEM_ERR"><PatternLayout pattern="%p %c %m%n"/></Console></Appenders>
  <Loggers><Root level="ERROR"><AppenderRef ref="stderr"/></Root></Loggers>
</Configuration>
`;

/**
 * An Apache Kafka in KRaft mode, alone, on random ports of 127.0.0.1. Undefined, with a line on stderr, where Java, Maven or
 * Maven Central are missing; in CI that is an error.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaServer | undefined> {
  const classPath = await kafkaClassPath().catch((error: unknown) => {
    if (process.env.CI !== undefined) throw error;
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    process.stderr.write(
      `\n*** SKIPPED: no Apache Kafka to test against (needs java, mvn, Maven Central): ${reason}\n\n`,
    );
    return undefined;
  });
  if (classPath === undefined) return undefined;

  const folder = await mkdtemp(join(tmpdir(), 'trailhouse-kafka-'));
  const [port, controller] = [await freePort(), await freePort()];
  const properties = join(folder, 'server.properties');
  const config = { ...broker(port, controller, join(folder, 'data')), ...options.config };
  await writeFile(
    properties,
    Object.entries(config)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  await writeFile(join(folder, 'log4j2.xml'), LOGGING);

  const java = [...JVM, `-Dlog4j2.configurationFile=${join(folder, 'log4j2.xml')}`, '-cp', classPath];
  await run('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER, '-c', properties]);

  let server = await start([...java, 'kafka.Kafka', properties], port);
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = new Promise((resolve) => server.once('exit', resolve));
    server.kill(signal);
    await exited;
  };
  process.once('exit', () => server.kill('SIGKILL'));

  return {
    brokers: [`127.0.0.1:${port}`],
    kill: () => end('SIGKILL'),
    async changeByte(topic, partition, at) {
      const segment = join(folder, 'data', `${topic}-${partition}`, '00000000000000000000.log');
      const bytes = await readFile(segment);
      const place = at < 0 ? bytes.length + at : at;
      const file = await openFile(segment, 'r+');
      await file.write(Buffer.from([bytes.readUInt8(place) ^ 1]), 0, 1, place);
      await file.close();
    },
    async restart() {
      await end('SIGKILL');
      server = await start([...java, 'kafka.Kafka', properties], port);
    },
    async stop() {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
    async tool(main, parameters, input = '') {
      const running = run('java', [...java, main, ...parameters], { timeout: 60_000, maxBuffer: 64 * 1024 ** 2 });
      running.child.stdin?.end(input);
      return (await running).stdout;
    },
  };
}

const broker = (port: number, controller: number, data: string): Readonly<Record<string, string>> => ({
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.quorum.voters': `1@127.0.0.1:${controller}`,
  listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT',
  'controller.listener.names': 'CONTROLLER',
  'log.dirs': data,
  'auto.create.topics.enable': 'false',
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '1',
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '1000',
  'log.retention.check.interval.ms': '500',
  'log.segment.delete.delay.ms': '100',
  'log.cleaner.backoff.ms': '500',
});

async function start(parameters: readonly string[], port: number): Promise<ChildProcess> {
  const child = spawn('java', parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-4_000);
  });
  const until = Date.now() + START_MS;
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`Apache Kafka ended with ${child.exitCode}: ${words}`);
    if (Date.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`Apache Kafka did not start: ${words}`);
    }
    await setTimeout(100);
  }
  return child;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const say = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => say(true)).once('error', () => say(false));
  });
}
