import { type Figure, type Found, median } from './figure.ts';

/** Medians, each with the least and the greatest value. */
export function tableOf({ figures, corpora, notes }: Found): string {
  const rows = figures.map(rowOf).join('\n');
  const read = Object.entries(corpora)
    .map(([name, what]) => `- ${name}: ${what}`)
    .join('\n');
  return [`| key | median | least to greatest | unit | repeats |\n|---|---|---|---|---|\n${rows}`, read, ...notes]
    .filter((part) => part !== '')
    .join('\n\n');
}

function rowOf(figure: Figure): string {
  if (figure.kind === 'unreached') return `| \`${figure.key}\` | not reached | ${figure.because} | – | – |`;
  const { key, unit, values } = figure;
  const spread = `${shown(Math.min(...values))} to ${shown(Math.max(...values))}`;
  return `| \`${key}\` | ${shown(median(values))} | ${spread} | ${unit} | ${values.length} |`;
}

const shown = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));

/** Medians by key, null for what was not reached; spreads and corpora beside them. */
export function jsonOf({ figures, corpora }: Found, machine: string): string {
  const measured = figures.filter((figure) => figure.kind === 'measured');
  return JSON.stringify({
    ...Object.fromEntries(figures.map(({ key }) => [key, null])),
    ...Object.fromEntries(measured.map(({ key, values }) => [key, median(values)])),
    spread: Object.fromEntries(measured.map(({ key, values }) => [key, [Math.min(...values), Math.max(...values)]])),
    corpora,
    machine,
  });
}
