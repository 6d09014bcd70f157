import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { VIEWS } from '../../services/clickhouse/gate-views.ts';
import { readConfig } from '../../services/processes/config.ts';
import { VERSION } from '../../services/processes/version.ts';
import { readCompose, root, type Service, source } from './compose-file.ts';

const { services, networks, volumes, secrets } = readCompose();
const run = promisify(execFile);
const all = Object.entries(services);
const ours = all.filter(([, { image }]) => image.startsWith('trailhouse:'));

const clickHouseUsers = z.object({
  users: z.object({
    default: z.unknown(),
    grafana: z.object({ grants: z.object({ query: z.array(z.string()) }) }),
  }),
});

const isBind = (mount: string): boolean => /^[./]/.test(mount);
const secretNames = ({ secrets: used = [] }: Service): string[] =>
  used.map((secret) => (typeof secret === 'string' ? secret : secret.source));

test('has services of both kinds', () => {
  expect(ours.map(([name]) => name)).toEqual([
    ...['setup', 'ingest', 'archive', 'watch'],
    ...['seal', 'retain', 'erase', 'export', 'cli'],
  ]);
  expect(all.length).toBeGreaterThan(ours.length);
});

describe.each(all)('%s', (name, service) => {
  test('is one version of an image', () => {
    expect(service.image).toMatch(/^[\w./-]+:\d+\.\d+\.\d+$/);
    if (service.image.startsWith('trailhouse')) expect(service.pull_policy).toBe('never');
    if (service.image.startsWith('trailhouse:')) expect(service.image).toBe(`trailhouse:${VERSION}`);
    if (name === 'kafka') expect(source('test/support/kafka-jars.ts')).toContain(`'${service.image.split(':')[1]}'`);
  });

  test('publishes to this machine only, and reaches other networks only to publish', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    const isInside = service.networks.every((network) => networks[network]?.internal === true);
    expect(isInside).toBe(service.ports === undefined);
  });

  test('says when it is healthy if it keeps running', () => {
    expect(service.healthcheck !== undefined).toBe(service.restart === 'unless-stopped');
  });

  test('waits for what can be waited for', () => {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      const target = services[other];
      expect(target, other).toBeDefined();
      expect(condition, other).toBe(target?.restart === 'no' ? 'service_completed_successfully' : 'service_healthy');
      for (const profile of target?.profiles ?? []) expect(service.profiles, other).toContain(profile);
    }
  });

  test('names what is declared and mounts what is there, read-only', () => {
    for (const network of service.networks) expect(networks).toHaveProperty(network);
    for (const secret of secretNames(service)) expect(secrets).toHaveProperty(secret);
    for (const mount of service.volumes ?? []) {
      const [from = '', , mode] = mount.split(':');
      if (!isBind(mount)) expect(volumes).toHaveProperty(from);
      else expect([existsSync(new URL(from, root)), mode], mount).toEqual([true, 'ro']);
    }
    if (service.build !== undefined) {
      const { context, dockerfile = `${context}/Dockerfile` } = service.build;
      expect(existsSync(new URL(dockerfile, root)), name).toBe(true);
    }
  });

  test('holds no secret in its environment', () => {
    for (const key of Object.keys(service.environment ?? {})) expect(key).not.toMatch(/PASSWORD|SECRET|TOKEN/);
  });
});

test('everything declared is used', () => {
  const mounts = all.flatMap(([, { volumes: used = [] }]) => used.filter((mount) => !isBind(mount)));
  expect(new Set(mounts.map((mount) => mount.split(':')[0]))).toEqual(new Set(Object.keys(volumes)));
  expect(new Set(all.flatMap(([, service]) => secretNames(service)))).toEqual(new Set(Object.keys(secrets)));
});

test('.env.example names each variable once, with the default it has anyway', () => {
  const used = [...source('docker-compose.yml').matchAll(/(?<!\$)\$\{(\w+):-([^}]*)\}/g)];
  const named = [...source('.env.example').matchAll(/^(\w+)=(.*)$/gm)];
  const pairs = (found: readonly RegExpExecArray[]) => found.map(([, name, value]) => `${name}=${value}`);
  expect(new Set(pairs(named))).toEqual(new Set(pairs(used)));
  expect(named).toHaveLength(new Set(pairs(named)).size);
  expect(source('docker-compose.yml')).not.toMatch(/(?<!\$)\$(?!\{\w+:-)/);
});

test('our commands are commands there are', async () => {
  const cli = fileURLToPath(new URL('services/processes/cli.ts', root));
  const { stdout } = await run(process.execPath, [cli, '--help']);
  const known = [...stdout.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name]) => name);
  for (const [, { command = [] }] of ours) if (command[0] !== '--help') expect(known).toContain(command[0]);
});

describe.each(ours)('%s of ours', (name, { environment = {}, volumes: mounts = [], tmpfs = [] }) => {
  test('has a configuration that is right, and a place for its data', () => {
    const at = environment.TRAILHOUSE_CONFIG;
    const [file = ''] = mounts.filter((mount) => mount.split(':')[1] === at).map((mount) => mount.split(':')[0] ?? '');
    const config = readConfig(fileURLToPath(new URL(file, root)), environment);

    const places = [...mounts.map((mount) => mount.split(':')[1]), ...tmpfs.map((mount) => mount.split(':')[0])];
    expect(places).toContain(config.data);
    expect(config.log).toMatchObject({ driver: 'kafka', brokers: ['kafka:19092'] });
    expect(config.clickhouse).toMatchObject({
      driver: 'server',
      password: { file: '/run/secrets/clickhouse_writer' },
    });
    if (name === 'export') expect(Object.keys(config.sinks)).toEqual(['loki', 'tempo']);
  });
});

test('keys are on a volume for whoever uses them, and nowhere else', () => {
  const holders = ours.filter(([, { volumes: used = [] }]) => used.includes('trailhouse:/var/lib/trailhouse'));
  expect(holders.map(([name]) => name)).toEqual(['ingest', 'erase', 'export', 'cli']);
});

test('keys that sign are made by commands, and used by who signs', () => {
  const mounted = ours.flatMap(([name, { volumes: used = [] }]) =>
    used.filter((mount) => mount.startsWith('signing:')).map((mount) => `${name} ${mount.split(':')[2] ?? 'rw'}`),
  );
  expect(mounted).toEqual(['seal ro', 'retain ro', 'erase ro', 'cli rw']);
  const { retention, ledger, evidence } = readConfig(fileURLToPath(new URL('deploy/trailhouse.yaml', root)), {});
  for (const { signing_key } of [retention, ledger, evidence])
    expect(signing_key).toMatch(/^\/var\/lib\/trailhouse\/signing\/\w+\.pem$/);
});

test('no configuration holds a password', () => {
  for (const file of globSync('deploy/**/*.{yaml,ini}', { cwd: root, exclude: ['deploy/secrets/**'] }))
    for (const [, value] of source(file).matchAll(/^\s*\w*(?:password|secret|token)\w*\s*[:=]\s*(.+)$/gim))
      expect(value, file).toMatch(/^(\$__file\{\/run\/secrets\/\w+\}|\{ file: \/run\/secrets\/\w+ \})$/);
});

test('Grafana may read what the query interface serves, and `default` may nothing', () => {
  const { users } = clickHouseUsers.parse(parse(source('deploy/clickhouse/users.yaml')));
  const views = [...VIEWS].map((view) => `GRANT SELECT ON audit.${view}`);
  expect(users.grafana.grants.query.toSorted()).toEqual(views.toSorted());
  expect(users.default).toEqual({ '@remove': 'remove' });
});

test('what configurations reach is of this file', () => {
  const hosts = globSync('deploy/**/*.yaml', { cwd: root }).flatMap((file) =>
    [...source(file).matchAll(/https?:\/\/(\w+):\d+|(?:host: |brokers: \[)(\w+)/g)].map(([, url, name]) => url ?? name),
  );
  expect(new Set(hosts)).toEqual(new Set(['kafka', 'clickhouse', 'loki', 'tempo']));
  for (const host of hosts) expect(services).toHaveProperty(host ?? '');
});

test('nothing phones home', () => {
  expect(parse(source('deploy/clickhouse/config.yaml'))).toMatchObject({ send_crash_reports: { enabled: false } });
  expect(parse(source('deploy/loki.yaml'))).toMatchObject({ analytics: { reporting_enabled: false } });
  expect(parse(source('deploy/tempo.yaml'))).toMatchObject({ usage_report: { reporting_enabled: false } });
  const grafana = source('deploy/grafana/grafana.ini');
  for (const key of ['reporting_enabled', 'check_for_updates', 'check_for_plugin_updates', 'news_feed_enabled'])
    expect(grafana).toContain(`\n${key} = false\n`);
  expect(grafana).toContain('\npreinstall_disabled = true\n');
});
