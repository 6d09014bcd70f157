import { type Detector, literally, type Span } from './detector.ts';

/** How much of a trigger is looked for. */
const LENGTH = 3;

/**
 * Calls `found` for the credentials of a text, from left to right and not overlapping; at one place the earlier detector
 * wins. One expression looks for where any trigger may begin: nearly every text of every event holds none.
 */
export function scanner(detectors: readonly Detector[]): (text: string, found: (span: Span) => void) => void {
  const groups = group(detectors);
  const anywhere = new RegExp([...groups.keys()].map(literally).join('|'), 'gi');

  return (text, found) => {
    let free = 0;
    anywhere.lastIndex = 0;
    for (let match = anywhere.exec(text); match !== null; match = anywhere.exec(text)) {
      const at = match.index;
      anywhere.lastIndex = at + 1;
      const span = first(groups.get(match[0].toLowerCase()) ?? [], text, at);
      if (span === undefined || span.end <= free) continue;
      found({ ...span, start: Math.max(span.start, free) });
      free = span.end;
      anywhere.lastIndex = Math.max(anywhere.lastIndex, free);
    }
  };
}

function first(detectors: readonly Detector[], text: string, at: number): Span | undefined {
  for (const detector of detectors) {
    const span = detector.read(text, at);
    if (span !== undefined) return span;
  }
  return undefined;
}

/** Detectors by how their triggers begin. */
function group(detectors: readonly Detector[]): ReadonlyMap<string, readonly Detector[]> {
  const groups = new Map<string, Detector[]>();
  for (const detector of detectors) {
    for (const beginning of new Set(detector.triggers.map(beginningOf))) {
      const known = groups.get(beginning);
      if (known === undefined) groups.set(beginning, [detector]);
      else known.push(detector);
    }
  }
  return groups;
}

function beginningOf(trigger: string): string {
  if (trigger.length < LENGTH) throw new RangeError(`trigger ${trigger} is shorter than ${LENGTH} characters`);
  return trigger.slice(0, LENGTH).toLowerCase();
}
