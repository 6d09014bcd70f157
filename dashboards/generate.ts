import { readFileSync, writeFileSync } from 'node:fs';
import { dashboards } from './index.ts';

/** Writes the dashboards to generated/, as Grafana reads them. `--check` only compares. */

const stale = Object.entries(dashboards)
  .map(([name, dashboard]) => ({
    url: new URL(`generated/${name}`, import.meta.url),
    text: `${JSON.stringify(dashboard, null, 2)}\n`,
  }))
  .filter(({ url, text }) => readOr(url) !== text);

if (process.argv.includes('--check')) {
  for (const { url } of stale) process.stderr.write(`${url.pathname} is out of date: run npm run generate\n`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const { url, text } of stale) writeFileSync(url, text);
}

function readOr(url: URL): string {
  try {
    return readFileSync(url, 'utf8');
  } catch {
    return '';
  }
}
