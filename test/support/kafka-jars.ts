import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const KAFKA_VERSION = '4.1.0';

/** What Maven resolved is kept for the next run (44 MB), in a folder of its own for every list of dependencies. */
const cache = process.env.TRAILHOUSE_KAFKA_CACHE ?? new URL('../../.cache/kafka', import.meta.url).pathname;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>trailhouse</groupId><artifactId>kafka-for-tests</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>${KAFKA_VERSION}</version>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.24.3</version>
    </dependency>
  </dependencies>
</project>
`;

/** Class path of an Apache Kafka; rejects where Java, Maven or Maven Central are missing. */
export async function kafkaClassPath(): Promise<string> {
  await run('java', ['-version']);
  const jars = join(cache, createHash('sha256').update(POM).digest('hex').slice(0, 12));
  if (!existsSync(jars)) await resolve(jars);
  return join(jars, '*');
}

/** Several test processes may resolve at once: each into a folder of its own, and the first to be done wins. */
async function resolve(jars: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'resolving-'));
  try {
    await writeFile(join(folder, 'pom.xml'), POM);
    const arguments_ = ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${join(folder, 'jars')}`];
    await run('mvn', arguments_, { cwd: folder, timeout: 300_000 });
    await rename(join(folder, 'jars'), jars).catch((error: unknown) => {
      if (!existsSync(jars)) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
