import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fromBuffer } from 'yauzl';

const run = promisify(execFile);

/** NIST publishes its JSON schemas in the jar of its own library, in the public domain; no package on npm carries them. */
const JAR = 'liboscal-java-3.0.3.jar';
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>trailhouse</groupId><artifactId>oscal-for-tests</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>gov.nist.secauto.oscal</groupId><artifactId>liboscal-java</artifactId><version>3.0.3</version>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>
    </dependency>
  </dependencies>
</project>
`;
const SHA256 = '65b7e116fc4991ccaf8f6e841d4af955313efbc6aad3b1de4472e0408c352dda';
const SCHEMA = 'schema/json/oscal-ar_schema.json';

const cache = new URL('../../.cache/oscal', import.meta.url).pathname;

/** The schema of assessment results, OSCAL 1.1.2; undefined where the jar is neither kept nor to be had. */
export async function assessmentResultsSchema(): Promise<Record<string, unknown> | undefined> {
  const path = join(cache, JAR);
  if (!existsSync(path) && !(await download(path))) return undefined;
  const jar = await readFile(path);
  if (createHash('sha256').update(jar).digest('hex') !== SHA256)
    throw new Error(`${path} is not the jar that was published`);
  return JSON.parse((await entry(jar, SCHEMA)).toString());
}

/** By Maven, into a folder of its own: several test processes may want it at once. */
async function download(path: string): Promise<boolean> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'resolving-'));
  try {
    await writeFile(join(folder, 'pom.xml'), POM);
    await run('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`], {
      cwd: folder,
      timeout: 120_000,
    });
    await rename(join(folder, JAR), path);
    return true;
  } catch {
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function entry(jar: Buffer, wanted: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    fromBuffer(jar, { lazyEntries: true }, (failure, zip) => {
      if (failure !== null) return reject(failure);
      zip.on('error', reject);
      zip.on('end', () => reject(new Error(`the jar has no ${wanted}`)));
      zip.on('entry', (found) => {
        if (found.fileName !== wanted) return zip.readEntry();
        zip.openReadStream(found, async (broken, stream) => {
          if (broken !== null) return reject(broken);
          const chunks: Buffer[] = [];
          for await (const chunk of stream) chunks.push(chunk);
          resolve(Buffer.concat(chunks));
        });
      });
      zip.readEntry();
    });
  });
}
