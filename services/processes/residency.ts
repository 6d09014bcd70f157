import type { z } from 'zod';
import { OWN_TOPIC } from './bindings.ts';

/** What of a configuration says where something stands, and what goes there. */
interface Placed {
  readonly topics: Readonly<Record<string, { readonly region?: string | undefined }>>;
  readonly clickhouse: { readonly region?: string | undefined };
  readonly sinks: Readonly<
    Record<
      string,
      {
        readonly region?: string | undefined;
        readonly filter?: { readonly topics?: readonly string[] | undefined } | undefined;
      }
    >
  >;
}

/** A way by which events of a source would leave its region. `path` is that of the configuration. */
export interface Leaving {
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * Ways out of a region. A topic that names its region pins the store and every receiver its events reach to the same one: a
 * region that is not named is not the same. What Trailhouse itself tells stands where the store does.
 */
export function leaving({ topics, clickhouse, sinks }: Placed): readonly Leaving[] {
  const pinned = Object.entries({ ...topics, [OWN_TOPIC]: { region: clickhouse.region } }).flatMap(
    ([topic, { region }]) => (region === undefined ? [] : [{ topic, region }]),
  );
  const store = pinned
    .filter(({ region }) => region !== clickhouse.region)
    .map(({ topic, region }) => ({
      path: ['clickhouse', 'region'],
      message: `topic ${topic} is pinned to ${region}, and the store is ${where(clickhouse.region)}`,
    }));
  const receivers = Object.entries(sinks).flatMap(([name, sink]) =>
    pinned
      .filter(({ topic, region }) => sink.filter?.topics?.includes(topic) !== false && region !== sink.region)
      .map(({ topic, region }) => ({
        path: ['sinks', name],
        message:
          `topic ${topic} is pinned to ${region}, and this receiver is ${where(sink.region)}: ` +
          `name ${region} as its region where it stands there, or the topics it may be sent below filter.topics${topic === OWN_TOPIC ? '; what Trailhouse tells stands where the store does' : ''}`,
      })),
  );
  return [...store, ...receivers];
}

const where = (region: string | undefined): string =>
  region === undefined ? 'in no region that is named' : `in ${region}`;

/** A filter by topics that lets through less than it says. */
function misspelt({ topics, sinks }: Placed): readonly Leaving[] {
  const known = [...Object.keys(topics), OWN_TOPIC];
  return Object.entries(sinks).flatMap(([name, { filter }]) =>
    (filter?.topics ?? [])
      .filter((topic) => !known.includes(topic))
      .map((topic) => ({
        path: ['sinks', name, 'filter', 'topics'],
        message: `there is no topic ${topic}; there are ${known.join(', ')}`,
      })),
  );
}

/** As a check of the whole configuration. */
export function routesHold(config: Placed, context: z.core.$RefinementCtx): void {
  for (const { path, message } of [...misspelt(config), ...leaving(config)])
    context.addIssue({ code: 'custom', path: [...path], message });
}
