import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';

const VERSION = '1.11.0-alpha';
const folder = join(homedir(), '.m2/repository/io/opentelemetry/proto/opentelemetry-proto', VERSION);
const jar = process.env.OPENTELEMETRY_PROTO_JAR ?? join(folder, `opentelemetry-proto-${VERSION}.jar`);
const isThere = existsSync(jar);

if (!isThere)
  console.warn(
    `SKIPPED: field numbers are not compared with the published protocol: ${jar} is not there ` +
      `(mvn dependency:get -Dartifact=io.opentelemetry.proto:opentelemetry-proto:${VERSION})`,
  );

/** String table references: profiles use them, logs must not. */
const LEFT_OUT = ['AnyValue.string_value_strindex', 'KeyValue.key_strindex'];

test.skipIf(!isThere)('fields have the names, numbers and types of the published protocol', () => {
  const published = new Map(
    ['collector/logs/v1/logs_service', 'logs/v1/logs', 'resource/v1/resource', 'common/v1/common'].flatMap((name) =>
      fieldsOf(entry(readFileSync(jar), `opentelemetry/proto/${name}.proto`)),
    ),
  );
  const ours = new Map(
    fieldsOf(readFileSync(new URL('../../services/otlp/proto/logs.proto', import.meta.url), 'utf8')),
  );
  const messages = new Set([...ours.keys()].map(messageOf));
  const theirs = [...published].filter(([name]) => messages.has(messageOf(name)) && !LEFT_OUT.includes(name));

  expect(ours.size).toBeGreaterThan(30);
  expect([...ours].sort()).toEqual(theirs.sort());
});

const messageOf = (name: string): string => name.split('.')[0] ?? '';

/** `Message.field` to its label, type (without package) and number. An enum is an int32 on the wire. */
function fieldsOf(proto: string): [string, string][] {
  const fields: [string, string][] = [];
  let message = '';
  for (const line of proto.split('\n')) {
    message = /^message (\w+)/.exec(line)?.[1] ?? (line.startsWith('}') ? '' : message);
    const [, label, type, name, number] = /^\s+(repeated )?([\w.]+) (\w+) = (\d+);/.exec(line) ?? [];
    if (message === '' || type === undefined) continue;
    const bare = type.split('.').at(-1) === 'SeverityNumber' ? 'int32' : type.split('.').at(-1);
    fields.push([`${message}.${name}`, `${label ?? ''}${bare} ${number}`]);
  }
  return fields;
}

/** One file of a zip archive, by its central directory (APPNOTE 4.3.12). */
function entry(zip: Buffer, wanted: string): string {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    if (name === undefined || extra === undefined || comment === undefined) break;
    if (zip.toString('utf8', at + 46, at + 46 + name) === wanted) {
      const header = zip.readUInt32LE(at + 42);
      const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
      const bytes = zip.subarray(start, start + zip.readUInt32LE(at + 20));
      return (zip.readUInt16LE(at + 10) === 0 ? bytes : inflateRawSync(bytes)).toString('utf8');
    }
    at += 46 + name + extra + comment;
  }
  throw new Error(`${wanted} is not in the archive`);
}
