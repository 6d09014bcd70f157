import { type Basis, classify, classifyContent, type Kept, partOf, type RetentionRules, startOf } from './classify.ts';

/** What is kept, and the partition key it has as the index of a carriage writes it. */
export interface Shelved extends Kept {
  readonly part: string;
}

/** An event and what was said in it have clocks of their own. */
export interface Classes {
  readonly event: Shelved;
  readonly content: Shelved;
}

/** Different events that are remembered; with more, all are asked about anew. */
const REMEMBERED = 10_000;
const US_PER_DAY = 86_400_000_000;

/**
 * Performance: what decides a class is the same for nearly all events, and within one day of UTC the days to any end are,
 * too: so both are looked up, and what is left is a sum. Its twins are `classify` and `classifyContent`, which took a tenth
 * of the time of an event.
 */
export function classesOf(basis: Basis, rules: RetentionRules): Classes {
  const known = knownOf(rules);
  const from = startOf(basis);
  const name = nameOf(basis, Math.floor(from / US_PER_DAY));
  let terms = known.get(name);
  if (terms === undefined) {
    const [event, content] = [classify(basis, rules), classifyContent(basis, rules)];
    terms = { event: relative(event, from), content: relative(content, from) };
    if (known.size >= REMEMBERED) known.clear();
    known.set(name, terms);
  }
  return { event: absolute(terms.event, from), content: absolute(terms.content, from) };
}

const remembered = new WeakMap<RetentionRules, Map<string, Classes>>();

function knownOf(rules: RetentionRules): Map<string, Classes> {
  const known = remembered.get(rules) ?? new Map();
  remembered.set(rules, known);
  return known;
}

/** Whatever decides, behind its length: no two differ and have one name. */
function nameOf({ topic, format = '', region = '', surface, team, project, dataClasses }: Basis, day: number): string {
  const lengths = `${topic.length},${format.length},${region.length},${surface.length},${team.length},${project.length}`;
  return `${day} ${lengths} ${topic}${format}${region}${surface}${team}${project}${dataClasses.join()}`;
}

/** Remembered, `retain_until` counts from when the clocks began. */
const relative = (kept: Kept, from: number): Shelved => ({
  ...kept,
  retain_until: kept.retain_until - from,
  part: partOf(kept.retention_class, kept.retention_bucket),
});

const absolute = (kept: Shelved, from: number): Shelved => ({
  retention_class: kept.retention_class,
  retention_bucket: kept.retention_bucket,
  retain_until: from + kept.retain_until,
  retention_reason: kept.retention_reason,
  part: kept.part,
});
