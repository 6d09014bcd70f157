import { type Document, isMap, isScalar, type LineCounter } from 'yaml';

/** Where an operator wrote what stands at a path of the configuration, for the beginning of a message. */
export type PlaceOf = (path: readonly PropertyKey[]) => string;

/** The variables of the environment that set something, by the path they set. */
type Variables = ReadonlyMap<string, string>;

/** A variable by its name, since the environment wins; else the file and the line of the key, or of the nearest above it. */
export function placesIn(
  file: string | undefined,
  document: Document,
  lines: LineCounter,
  variables: Variables,
): PlaceOf {
  return (path) => {
    const keys = path.map(String);
    const variable = [2, 1]
      .map((length) => variables.get(keys.slice(0, length).join('.')))
      .find((name) => name !== undefined);
    if (variable !== undefined) return variable;
    if (file === undefined) return 'defaults';
    const line = lineOf(document, lines, path);
    return line === undefined ? file : `${file}:${line}`;
  };
}

function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    if (!isMap(parent)) continue;
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path[length - 1]);
    if (pair !== undefined && isScalar(pair.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
  }
  return undefined;
}
