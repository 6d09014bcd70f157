import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** The part of the Compose specification that docker-compose.yml uses: a key beyond it is a mistake until it is added here. */

const text = z.string().min(1);
const texts = z.array(text).min(1);
const seconds = z.string().regex(/^\d+s$/);
const environment = z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string());

const service = z.strictObject({
  image: text,
  build: z.strictObject({ context: text, dockerfile: text.optional() }).optional(),
  pull_policy: z.literal('never').optional(),
  profiles: texts.optional(),
  command: texts.optional(),
  user: z
    .string()
    .regex(/^\d+:\d+$/)
    .optional(),
  restart: z.enum(['no', 'unless-stopped']),
  stop_grace_period: seconds.optional(),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal('ALL')]),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  logging: z.strictObject({ driver: z.literal('local') }),
  environment: environment.optional(),
  networks: texts,
  ports: texts.optional(),
  depends_on: z
    .record(z.string(), z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }))
    .optional(),
  volumes: texts.optional(),
  secrets: z.array(z.union([text, z.strictObject({ source: text, target: text })])).optional(),
  tmpfs: texts.optional(),
  ulimits: z.record(z.string(), z.strictObject({ soft: z.number(), hard: z.number() })).optional(),
  healthcheck: z
    .strictObject({
      test: z.tuple([z.literal('CMD')], text),
      interval: seconds,
      timeout: seconds,
      retries: z.number().int().positive(),
      start_period: seconds,
    })
    .optional(),
});

const compose = z.strictObject({
  name: text,
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.strictObject({ internal: z.boolean().optional() })),
  volumes: z.record(z.string(), z.strictObject({})),
  secrets: z.record(z.string(), z.strictObject({ file: text })),
});

export type Compose = z.output<typeof compose>;
export type Service = z.output<typeof service>;

/** The root of the repository. */
export const root = new URL('../../', import.meta.url);

export const source = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** docker-compose.yml as Compose reads it: merge keys resolved, `x-` left out, a variable replaced by its default. */
export function readCompose(): Compose {
  const plain = source('docker-compose.yml').replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
  const document = z.record(z.string(), z.unknown()).parse(parse(plain, { merge: true }));
  return compose.parse(Object.fromEntries(Object.entries(document).filter(([key]) => !key.startsWith('x-'))));
}
