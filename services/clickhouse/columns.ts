/** A column of a table, with its type as ClickHouse spells it. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

interface Field {
  readonly name: string;
  readonly type: Avro;
  readonly low_cardinality?: boolean;
}
interface Shape {
  readonly type: string;
  readonly logicalType?: string;
  readonly size?: number;
  readonly items?: Avro;
  readonly values?: Avro;
  readonly fields?: readonly Field[];
}
type Avro = string | Shape | readonly Avro[];

const PRIMITIVES: Readonly<Record<string, string>> = {
  string: 'String',
  bytes: 'String',
  int: 'Int32',
  long: 'Int64',
  double: 'Float64',
  boolean: 'Bool',
};

const LOGICAL: Readonly<Record<string, string>> = {
  uuid: 'UUID',
  date: 'Date',
  'timestamp-micros': "DateTime64(6, 'UTC')",
};

/**
 * The columns a record becomes, in the order of its fields. The rules are the ones by which ClickHouse itself reads
 * Avro, but for arrays of records: it would infer `Nested`, which cannot be nullable inside, so they are named tuples.
 */
export function columnsOf(schemaJson: string): readonly Column[] {
  const shape: Shape = JSON.parse(schemaJson);
  return (shape.fields ?? []).map((field) => ({ name: field.name, type: columnType(field) }));
}

function columnType({ type, low_cardinality }: Field): string {
  const plain = clickhouseType(type);
  return low_cardinality === true ? plain.replace('String', 'LowCardinality(String)') : plain;
}

function clickhouseType(type: Avro): string {
  if (typeof type === 'string') return named(type);
  if (isUnion(type))
    return `Nullable(${type
      .filter((one) => one !== 'null')
      .map(clickhouseType)
      .join()})`;
  const logical = LOGICAL[type.logicalType ?? ''];
  if (logical !== undefined) return logical;
  if (type.items !== undefined) return `Array(${clickhouseType(type.items)})`;
  if (type.values !== undefined) return `Map(String, ${clickhouseType(type.values)})`;
  if (type.size !== undefined) return `FixedString(${type.size})`;
  if (type.fields === undefined) return named(type.type);
  return `Tuple(${type.fields.map((field) => `${field.name} ${clickhouseType(field.type)}`).join(', ')})`;
}

function named(primitive: string): string {
  const type = PRIMITIVES[primitive];
  if (type === undefined) throw new TypeError(`no ClickHouse type for Avro's ${primitive}`);
  return type;
}

const isUnion = (type: Avro): type is readonly Avro[] => Array.isArray(type);
