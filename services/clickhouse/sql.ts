import type { AvroInsert, Settings } from './client.ts';
import type { Column } from './columns.ts';

/** `INSERT … SELECT … FROM source WHERE …`: with the columns named on both sides, as Avro matches by name. */
export function insertSql({ table, columns, where }: AvroInsert, source: string): string {
  const names = columns.map(({ name }) => name).join(', ');
  return `INSERT INTO ${table} (${names}) SELECT ${names} FROM ${source} WHERE ${where}`;
}

/**
 * The columns as the `structure` argument of a table function. Texts are read as they are: the engine makes a dictionary of a whole
 * column as it inserts it in less time than of one value after the other.
 */
export function structure(columns: readonly Column[]): string {
  const read = (type: string) => type.replaceAll('LowCardinality(String)', 'String');
  return quote(columns.map(({ name, type }) => `${name} ${read(type)}`).join(', '));
}

/** A ClickHouse string literal. */
export function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A ClickHouse name that may hold any letter. */
export function identifier(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

export function settingsClause(settings: Settings = {}): string {
  const all = Object.entries(settings).map(([name, value]) => `${name} = ${literal(value)}`);
  return all.length === 0 ? '' : ` SETTINGS ${all.join(', ')}`;
}

/** The value of a setting. */
export const literal = (value: string | number): string => (typeof value === 'number' ? String(value) : quote(value));
