import { FRAMEWORKS, type FrameworkName } from './frameworks.ts';
import { endOf, inWords, type Period } from './period.ts';

/** GDPR's upper bound, as the configuration gives it. */
export interface Purpose {
  readonly days: number;
  /** What the data are kept for. */
  readonly purpose: string;
}

/** What a set of frameworks comes to: the latest of the ends of some periods. */
export interface Terms {
  /** Never empty. */
  readonly periods: readonly { readonly name: FrameworkName; readonly period: Period }[];
  /** Names of policies that an upper bound sets aside. */
  readonly cut: readonly FrameworkName[];
  /** The upper bound, where the class has one. */
  readonly upper: Period | undefined;
}

/**
 * Minimums count whatever the upper bound says; a policy counts only as far as the bound lets it. Under a bound alone, what
 * is kept is kept until there.
 */
export function termsOf(frameworks: readonly FrameworkName[], gdpr: Purpose | undefined): Terms {
  const upper = frameworks.includes('gdpr') ? { days: boundOf(gdpr) } : undefined;
  const named = frameworks.flatMap((name) => {
    const { bound, period } = FRAMEWORKS[name];
    return period === undefined ? [] : [{ name, bound, period }];
  });
  if (upper === undefined) return { periods: named, cut: [], upper };
  const isCut = (one: (typeof named)[number]) => one.bound === 'policy' && exceedsBound(one.period, upper);
  const kept = named.filter((one) => !isCut(one));
  const needsBound = kept.length < named.length || named.length === 0;
  return {
    periods: [...kept, ...(needsBound ? [{ name: 'gdpr' as const, period: upper }] : [])],
    cut: named.filter(isCut).map(({ name }) => name),
    upper,
  };
}

function boundOf(gdpr: Purpose | undefined): number {
  if (gdpr === undefined) throw new RangeError('a class with gdpr needs `retention.gdpr`: its days and their purpose');
  return gdpr.days;
}

/** Policies are stated in days: the bound and they count from the same instant. */
const exceedsBound = (period: Period, upper: { readonly days: number }): boolean =>
  period.days !== undefined && period.days > upper.days;

/** The end of what the terms ask for, and whose it is; of two that end together, the first by name. */
export function latest({ periods }: Terms, from: number): { readonly name: FrameworkName; readonly end: number } {
  const ends = periods.map(({ name, period }) => ({ name, end: endOf(period, from) }));
  return ends.reduce((a, b) => (b.end > a.end ? b : a));
}

/** `hipaa 6 years outlasts soc2 90 days`, or the one framework and its period; the upper bound is named with its purpose. */
export function reasonOf(
  frameworks: readonly FrameworkName[],
  terms: Terms,
  winner: FrameworkName,
  gdpr: Purpose | undefined,
): string {
  const say = (name: FrameworkName): string => {
    const period = name === 'gdpr' ? terms.upper : FRAMEWORKS[name].period;
    return period === undefined ? name : `${name} ${inWords(period)}`;
  };
  const others = frameworks.filter((name) => name !== winner && name !== 'gdpr' && !terms.cut.includes(name));
  const shorter = others.length === 0 ? '' : ` outlasts ${others.map(say).join(', ')}`;
  if (terms.upper === undefined || gdpr === undefined) return say(winner) + shorter;
  const bound = `upper bound (${gdpr.purpose})`;
  const cuts = terms.cut.length === 0 ? '' : ` cuts ${terms.cut.map(say).join(', ')}`;
  if (winner === 'gdpr')
    return `${say(winner)} as ${bound}${[cuts, shorter].filter((words) => words !== '').join(',')}`;
  return `${say(winner)}${shorter}; ${relation(terms, winner)} the ${say('gdpr')} of an ${bound}${cuts === '' ? '' : `, which${cuts}`}`;
}

function relation({ periods, upper }: Terms, winner: FrameworkName): string {
  const period = periods.find(({ name }) => name === winner)?.period;
  const beats = period !== undefined && upper !== undefined && endOf(period, 0) > endOf(upper, 0);
  return beats ? 'as an obligation it goes before' : 'within';
}
