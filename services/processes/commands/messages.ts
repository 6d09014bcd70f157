import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { readJsonDocuments } from '../../codec/json.ts';
import type { Encoding } from '../../core/format.ts';
import { silent } from '../../core/logger.ts';
import { type Bindings, bind, OWN_TOPIC } from '../bindings.ts';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { openLog, requirePipeline } from '../open.ts';
import { EXIT, Failure } from './exit.ts';
import type { Globals } from './globals.ts';
import { progress } from './progress.ts';
import { jsonLines } from './render.ts';
import { textLines } from './text-lines.ts';
import { tryMessages } from './try.ts';

/** `trailhouse try`: one JSON line per message on stdout. */
export async function tryFile(
  { config }: Globals,
  file: string,
  options: { readonly topic?: string; readonly encoding?: Encoding },
): Promise<number> {
  const { topics, privacy, retention } = readConfig(config, process.env);
  const bindings = bind(topics);
  if (options.topic !== undefined) known(bindings, options.topic);
  const tried = tryMessages(await read(file), options, { bindings, privacy, retention }, systemClock.now());
  process.stdout.write(jsonLines(tried));
  const rejected = tried.filter(({ kind }) => kind === 'rejected').length;
  process.stderr.write(`${tried.length} messages, ${rejected} rejected\n`);
  return rejected === 0 ? EXIT.ok : EXIT.found;
}

/** Messages per append: large files make progress one can watch. */
const CHUNK = 500;

/** `trailhouse produce`: every document of the file becomes one message; a file of OTLP protobuf is one message. */
export async function produce(
  { config, json }: Globals,
  file: string,
  { topic }: { readonly topic: string },
): Promise<number> {
  const settings = readConfig(config, process.env);
  const bound = known(bind(settings.topics), topic);
  if (topic === OWN_TOPIC) throw new Failure(`${topic} is written by Trailhouse itself alone`, EXIT.usage);
  const values = split(await read(file), bound.encoding);

  if (settings.log.driver === 'embedded') requirePipeline(settings);
  const log = await openLog(settings, { clock: systemClock, logger: silent });
  const bar = progress('appending', values.length);
  try {
    if ((await log.describe(topic)) === undefined)
      throw new Failure(`topic ${topic} does not exist: start \`trailhouse up\` once, or create it`);
    for (let first = 0; first < values.length; first += CHUNK) {
      const chunk = values.slice(first, first + CHUNK);
      await log.append(
        topic,
        0,
        chunk.map((value) => ({ value })),
      );
      bar.advance(chunk.length);
    }
  } finally {
    bar.end();
    await log.close();
  }
  process.stdout.write(
    json === true ? jsonLines([{ topic, appended: values.length }]) : `${values.length} messages to ${topic}\n`,
  );
  return EXIT.ok;
}

/** What is no document is sent as it stands: what is wrong with it is for ingest to say. */
function split(bytes: Uint8Array, encoding: Encoding): readonly Uint8Array[] {
  if (encoding === 'otlp_proto') return [bytes];
  if (encoding === 'text') return textLines(bytes).map((line) => line.bytes);
  return readJsonDocuments(bytes).map((document) => document.bytes);
}

function known(bindings: Bindings, topic: string) {
  const bound = bindings.get(topic);
  if (bound === undefined)
    throw new Failure(`no topic ${topic}; there are ${[...bindings.keys()].join(', ')}`, EXIT.usage);
  return bound;
}

async function read(file: string): Promise<Uint8Array> {
  if (file === '-') return buffer(process.stdin);
  try {
    return await readFile(file);
  } catch {
    throw new Failure(`${file} cannot be read`, EXIT.usage);
  }
}
