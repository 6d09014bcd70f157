import type { Guardrail } from '../../core/records.generated.ts';
import { isObject, type Reading, reading } from '../reading.ts';
import type { Place } from './act.ts';

/** A guardrail plugin that looked at a request: a record for each phase it looked at, and where it logged. */
export interface Guard {
  readonly name: string;
  readonly place: Place;
  readonly records: readonly Guardrail[];
  /** Whether it stepped in. */
  readonly fired: boolean;
  readonly blocked: boolean;
}

const PHASES = ['input', 'output'] as const;

const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ['aws-guardrails', 'aws'],
  ['gcp-model-armor', 'gcp'],
  ['azure-content-safety', 'azure'],
  ['lakera-guard', 'lakera'],
]);

/** Guardrails log beside the call they watch, under the plugin that made it; the sanitizer has a section of its own. */
export function guardsOf(read: Reading): readonly Guard[] {
  const ai = read.peek('ai');
  if (!isObject(ai)) return [];
  return Object.entries(ai).flatMap(([plugin, logged]) => {
    if (!isObject(logged)) return [];
    if (plugin === 'sanitizer') return [guardOf(plugin, ['ai', plugin], sanitized(reading(logged)))];
    return Object.entries(logged).flatMap(([name, guard]) => {
      const records = isObject(guard) ? PHASES.flatMap((phase) => recordOf(name, phase, reading(guard))) : [];
      return records.length === 0 ? [] : [guardOf(name, ['ai', plugin, name], records)];
    });
  });
}

function guardOf(name: string, place: Place, records: readonly Guardrail[]): Guard {
  const verdicts = records.map(({ verdict }) => verdict);
  return {
    name,
    place,
    records,
    fired: verdicts.some((verdict) => verdict === 'block' || verdict === 'mask' || verdict === 'flag'),
    blocked: verdicts.includes('block'),
  };
}

/** It ran in a phase for which it logged how long it took, or why it stepped in. */
function recordOf(name: string, phase: (typeof PHASES)[number], run: Reading): readonly Guardrail[] {
  const isBlocked = run.word(`${phase}_block_reason`) !== undefined || run.word(`${phase}_block_source`) !== undefined;
  const isMasked = run.peek(`${phase}_masked`) === true;
  if (!isBlocked && !isMasked && run.number(`${phase}_processing_latency`) === undefined) return [];
  return [
    {
      name,
      provider: PROVIDERS.get(name) ?? '',
      phase,
      mode: isMasked ? 'mutate' : '',
      verdict: isBlocked ? 'block' : isMasked ? 'mask' : 'pass',
      categories: detectedIn(run.peek(`${phase}_block_detail`)),
      masked_count: null,
    },
  ];
}

/** Lakera lists its detectors, those that found nothing too. */
function detectedIn(detail: unknown): readonly string[] {
  const found = [detail].flat().filter((each) => isObject(each) && each.detected === true);
  return distinct(found.map((each) => (isObject(each) ? each.detector_type : undefined)));
}

function sanitized(run: Reading): readonly Guardrail[] {
  const [found, masked] = [run.number('pii_identified') ?? 0, run.number('pii_sanitized') ?? 0];
  const phase = PHASES.find((each) => run.word(`${each}_block_source`) !== undefined);
  const items = [run.peek('sanitized_items')].flat().filter(isObject);
  return [
    {
      name: 'sanitizer',
      provider: '',
      phase: phase ?? '',
      mode: masked > 0 ? 'mutate' : '',
      verdict: phase !== undefined ? 'block' : masked > 0 ? 'mask' : found > 0 ? 'flag' : 'pass',
      categories: distinct(items.map(({ entity_type }) => entity_type)),
      masked_count: Number.isSafeInteger(masked) ? masked : null,
    },
  ];
}

const distinct = (values: readonly unknown[]): readonly string[] => [
  ...new Set(values.filter((value) => typeof value === 'string')),
];
