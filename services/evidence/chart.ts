/** Text in HTML and SVG, whatever it holds. What no printer shows is shown as a question mark. */
export function shown(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[\p{C}]/gu, '?').replace(/[&<>"']/g, (mark) => entities[mark] ?? '');
}

const [WIDTH, HEIGHT, FOOT] = [720, 160, 24];

/** Columns over time, with the largest named. An empty list draws nothing. */
export function columns(title: string, values: readonly (readonly [string, number])[]): string {
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined) return '';
  const most = Math.max(...values.map(([, value]) => value));
  const step = WIDTH / values.length;
  const bars = values.map(([label, value], index) => {
    const height = Math.max(1, Math.round(((HEIGHT - FOOT - 16) * value) / most));
    const place = `x="${(index * step).toFixed(1)}" y="${HEIGHT - FOOT - height}" width="${Math.max(1, step * 0.8).toFixed(1)}"`;
    return `<rect ${place} height="${height}"><title>${shown(label)}: ${value}</title></rect>`;
  });
  const words = [
    `<text x="0" y="12">at most ${most} a day</text>`,
    `<text x="0" y="${HEIGHT - 6}">${shown(first[0])}</text>`,
    `<text x="${WIDTH}" y="${HEIGHT - 6}" text-anchor="end">${shown(last[0])}</text>`,
  ];
  return figure(title, HEIGHT, [...bars, ...words]);
}

const ROW = 22;

/** Bars with their numbers, the longest first. */
export function bars(title: string, values: ReadonlyMap<string, number>, most = 12): string {
  const sorted = [...values].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const longest = sorted.slice(0, most);
  const largest = longest[0]?.[1];
  if (largest === undefined) return '';
  const lines = longest.map(([label, value], index) => {
    const [y, width] = [index * ROW, Math.max(1, Math.round((360 * value) / largest))];
    const name = `<text x="200" y="${y + 15}" text-anchor="end">${shown(label === '' ? '(none)' : label)}</text>`;
    return `${name}<rect x="210" y="${y + 3}" width="${width}" height="${ROW - 7}"/><text x="${width + 218}" y="${y + 15}">${value}</text>`;
  });
  const rest = sorted.length - longest.length;
  return figure(rest > 0 ? `${title}; ${rest} more are in the rows` : title, longest.length * ROW + 4, lines);
}

const figure = (title: string, height: number, parts: readonly string[]): string =>
  `<figure><figcaption>${shown(title)}</figcaption><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${shown(title)}">${parts.join('')}</svg></figure>`;
