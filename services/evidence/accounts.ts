import type { Standing } from './report.ts';

// ---- Nothing left out: what accounting statements that follow one another leave open (docs/ledger.md)

const RANGE = /^range (\d+) (\d+) accepted \d+ skipped \d+ quarantined \d+ absent \d+ events (\d+) sealed (\d+)$/;

/** Takes the lines of a statement in. @throws where one is none */
export function account(statement: readonly string[], raw: Map<string, Standing>): void {
  let standing: Standing = { first: undefined, next: 0, waiting: 0, holes: [] };
  const hole = (words: string): void => void standing.holes.push(`HOLE ${words}`);
  for (const line of statement) {
    const [word = '', name = '', ...rest] = line.split(' ');
    const [first = 0, next = 0, events = 0, sealed = 0] = RANGE.exec(line)?.slice(1).map(Number) ?? [];
    if (word === 'raw') {
      standing = raw.get(name) ?? { first: undefined, next: 0, waiting: 0, holes: [] };
      standing.waiting = 0;
      raw.set(name, standing);
    } else if (word === 'range' && next > first) {
      const [end, isOpen] = [standing.next, standing.first !== undefined && standing.next !== first];
      if (isOpen) hole(`${Math.min(end, first)} to ${Math.max(end, first)} not accounted for`);
      if (events !== sealed) hole(`${first} to ${next}: ${events} events promised, ${sealed} in the tree`);
      [standing.first, standing.next] = [standing.first ?? first, next];
    } else if (word === 'unaccounted') hole(`${name}: ${rest[0]} messages that no account promised`);
    else if (word === 'waiting') standing.waiting += Number(rest[0]) * Number(rest[1]);
    else if (!/^(accepted|skipped|quarantined|absent)$/.test(word)) throw new RangeError('holds a line that is none');
  }
}

/** What is missing, or that nothing is. */
export function accountText(name: string, { first, next, waiting, holes }: Standing): readonly string[] {
  const missing = [...holes, ...(waiting > 0 ? [`${waiting} events in the tree are not accounted for yet`] : [])];
  const whole = first === undefined ? [] : [`nothing missing between ${first} and ${next}`];
  return (missing.length === 0 ? whole : missing).map((words) => `raw ${name}: ${words}`);
}
