import { z } from 'zod';
import { nearest } from '../core/nearest.ts';

/** As much of JSON Schema as says which keys there are. */
interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly allOf?: readonly Shape[];
  readonly items?: Shape;
}

/** What a key that is not known may have been meant to be, as words to go on with; empty where nothing is near. */
export function meant(schema: z.ZodType, path: readonly PropertyKey[]): string {
  const shape: Shape = JSON.parse(
    JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' })),
  );
  const above = path
    .slice(0, -1)
    .reduce<readonly Shape[]>((shapes, key) => shapes.flatMap((one) => under(one, key)), [shape]);
  const known = above.flatMap(alternatives).flatMap(({ properties }) => Object.keys(properties ?? {}));
  const near = nearest(String(path.at(-1)), [...new Set(known)]);
  return near === undefined ? '' : `; did you mean ${near}?`;
}

const alternatives = (shape: Shape): readonly Shape[] => [
  shape,
  ...[...(shape.anyOf ?? []), ...(shape.oneOf ?? []), ...(shape.allOf ?? [])].flatMap(alternatives),
];

function under(shape: Shape, key: PropertyKey): readonly Shape[] {
  return alternatives(shape).flatMap(({ properties, additionalProperties, items }) => {
    const own = typeof key === 'string' ? properties?.[key] : items;
    if (own !== undefined) return [own];
    return typeof additionalProperties === 'object' ? [additionalProperties] : [];
  });
}
