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

/** What is remembered at most: circumstances of events, projects in each, teams in each; with more, all are asked about anew. */
const REMEMBERED = { circumstances: 200, projects: 1_000, teams: 10_000 } as const;
const US_PER_DAY = 86_400_000_000;

/** Events of one day that differ in their project and team alone. */
interface Alike {
  readonly day: number;
  readonly basis: Basis;
  readonly byProject: Map<string, Map<string, Classes>>;
}

/**
 * Performance: what decides a class is the same for nearly all events, and within one day of UTC the days to any end are,
 * too: so both are looked up, and what is left is a sum. Its twins are `classify` and `classifyContent`, which took a tenth
 * of the time of an event.
 */
export function classesOf(basis: Basis, rules: RetentionRules): Classes {
  const from = startOf(basis);
  const byTeam = teamsOf(alikeOf(basis, Math.floor(from / US_PER_DAY), rules), basis.project);
  let terms = byTeam.get(basis.team);
  if (terms === undefined) {
    const [event, content] = [classify(basis, rules), classifyContent(basis, rules)];
    terms = { event: relative(event, from), content: relative(content, from) };
    if (byTeam.size >= REMEMBERED.teams) byTeam.clear();
    byTeam.set(basis.team, terms);
  }
  return { event: absolute(terms.event, from), content: absolute(terms.content, from) };
}

const remembered = new WeakMap<RetentionRules, Alike[]>();

function alikeOf(basis: Basis, day: number, rules: RetentionRules): Alike {
  const known = remembered.get(rules) ?? [];
  for (const one of known) if (one.day === day && areAlike(one.basis, basis)) return one;
  const made: Alike = { day, basis, byProject: new Map() };
  if (known.length >= REMEMBERED.circumstances) known.length = 0;
  known.push(made);
  remembered.set(rules, known);
  return made;
}

function teamsOf({ byProject }: Alike, project: string): Map<string, Classes> {
  const known = byProject.get(project);
  if (known !== undefined) return known;
  const made = new Map<string, Classes>();
  if (byProject.size >= REMEMBERED.projects) byProject.clear();
  byProject.set(project, made);
  return made;
}

/** Whether all is the same that decides, but for project and team. */
function areAlike(one: Basis, other: Basis): boolean {
  return (
    one.surface === other.surface &&
    one.region === other.region &&
    one.topic === other.topic &&
    one.format === other.format &&
    one.dataClasses.length === other.dataClasses.length &&
    one.dataClasses.every((name, index) => name === other.dataClasses[index])
  );
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
