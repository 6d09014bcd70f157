import { IN_WINDOW, type NamedQuery } from '../services/clickhouse/queries/query.ts';
import { quote } from '../services/clickhouse/sql.ts';
import { SHOWN } from './filters.ts';

/** A named query as a panel asks it: in the time range, for the choices, its other parameters at their defaults. */
export function asShown({ name, sql, bind }: NamedQuery): string {
  const bound = bind({});
  if (!bound.ok) throw new Error(`${name} has no default for every parameter: ${bound.reason}`);
  if (!sql.includes(IN_WINDOW)) throw new Error(`${name} has no window that the time range could take the place of`);
  return Object.entries(bound.params).reduce(
    (text, [param, value]) => text.replaceAll(`{${param}:String}`, () => quote(value)),
    sql.replaceAll(IN_WINDOW, () => SHOWN),
  );
}
