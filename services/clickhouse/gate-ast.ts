import { isListed } from './gate-functions.ts';
import { type Refusal, refuse } from './gate-lexer.ts';
import { unknown } from './gate-sources.ts';
import { type Allowed, DATABASE, VIEWS_ALONE } from './gate-views.ts';

/** A node of ClickHouse's syntax tree, as `EXPLAIN AST` prints it: `Kind what (alias a) (children 2)`. */
interface Node {
  readonly kind: string;
  readonly what: string;
  readonly announced: number;
  readonly children: Node[];
}

/** What a question may be made of. Left out: settings, output formats, samples, streams, `APPLY`, whose function it hides. */
const KINDS = new Set([
  ...['SelectWithUnionQuery', 'SelectIntersectExceptQuery', 'SelectQuery', 'Subquery', 'WithElement', 'ExpressionList'],
  ...['Identifier', 'Literal', 'Function', 'Asterisk', 'QualifiedAsterisk', 'ColumnsTransformerList'],
  ...['ColumnsExceptTransformer', 'ColumnsReplaceTransformer', 'ColumnsReplaceTransformer::Replacement'],
  ...[
    'TablesInSelectQuery',
    'TablesInSelectQueryElement',
    'TableExpression',
    'TableIdentifier',
    'TableJoin',
    'ArrayJoin',
  ],
  ...['OrderByElement', 'WindowDefinition', 'WindowListElement', 'InterpolateElement'],
]);

/** Functions the parser writes for operators and that are not to be called by name. */
const OPERATORS = new Set(['in', 'notIn', 'globalIn', 'globalNotIn', 'exists', 'lambda', 'untuple']);
const IN = new Set(['in', 'notIn', 'globalIn', 'globalNotIn']);
const SETS = new Set([...IN, 'exists']);

/**
 * The second lock: reads what ClickHouse's own parser made of the query and checks every table and function in it. The tree
 * does not print the names of a WITH; `named` are those the first lock read, in order.
 */
export function readTree(explained: string, named: readonly string[], allowed = VIEWS_ALONE): Tree | Refusal {
  const root = treeOf(explained);
  if (root?.kind !== 'SelectWithUnionQuery') return refuse('ClickHouse reads this as no plain SELECT');
  const fault = check(root, { allowed, named, visible: named, inside: false });
  return fault === undefined ? { ok: true, tables: tablesIn(root, named), scalar: holdsScalar(root) } : refuse(fault);
}

export interface Tree {
  readonly ok: true;
  /** What is read, with its database, each once. */
  readonly tables: readonly string[];
  /** A subquery stands for one value: ClickHouse runs it while it plans. */
  readonly scalar: boolean;
}

function tablesIn(node: Node, named: readonly string[]): readonly string[] {
  const below = node.children.flatMap((child) => tablesIn(child, named));
  const own = node.kind === 'TableIdentifier' && !named.includes(nameOf(node.what)) ? [nameOf(node.what)] : [];
  return [...new Set([...own, ...below])];
}

/** Subqueries that are no value: tables, queries of the WITH, and the right side of IN and EXISTS. */
function holdsScalar(node: Node, isSet = false): boolean {
  const holdsTables = node.kind === 'TableExpression' || node.kind === 'WithElement';
  return node.children.some((child) => {
    if (child.kind === 'Subquery' && !holdsTables && !isSet) return true;
    return holdsScalar(child, node.kind === 'Function' && SETS.has(nameOf(node.what)));
  });
}

interface Scope {
  readonly allowed: Allowed;
  readonly named: readonly string[];
  /** Those that may be read from here: within a WITH, the ones above. */
  readonly visible: readonly string[];
  /** Within a query of the WITH. */
  readonly inside: boolean;
}

function check(node: Node, scope: Scope): string | undefined {
  const fault = wrong(node, scope);
  if (fault !== undefined) return fault;
  let defined = 0;
  for (const child of node.children) {
    const names = child.kind === 'WithElement';
    const visible = names ? scope.named.slice(0, defined++) : scope.visible;
    const below = check(child, names ? { ...scope, visible, inside: true } : scope);
    if (below !== undefined) return below;
  }
  // The parser repeats the whole WITH for every branch of a UNION.
  if (defined === 0) return undefined;
  return scope.inside || defined !== scope.named.length ? 'the WITH is not understood' : undefined;
}

function wrong({ kind, what, announced, children }: Node, { visible, allowed }: Scope): string | undefined {
  if (!KINDS.has(kind)) return `${kind.replace(/\W/g, '')} is not taken`;
  if (announced !== children.length) return 'the syntax tree is not understood';
  switch (kind) {
    case 'SelectWithUnionQuery':
      return children.length === 1 ? undefined : 'INTO, FORMAT and SETTINGS are not taken';
    case 'TableExpression':
      return children.length === 1 && ['TableIdentifier', 'Subquery'].includes(children[0]?.kind ?? '')
        ? undefined
        : 'table functions, SAMPLE and STREAM are not taken';
    case 'TableIdentifier':
      return isAllowed(nameOf(what), allowed) || visible.includes(nameOf(what))
        ? undefined
        : unknown(nameOf(what), allowed);
    case 'Function':
      return unfit(nameOf(what), children);
    default:
      return undefined;
  }
}

function isAllowed(name: string, { views, system }: Allowed): boolean {
  const [database, table, ...deeper] = name.split('.');
  if (table === undefined || deeper.length > 0) return false;
  return database === 'system' ? system.has(table) : database === DATABASE && views.has(table);
}

function unfit(name: string, [list]: readonly Node[]): string | undefined {
  if (!isListed(name) && !OPERATORS.has(name)) return `function ${name.replace(/\W/g, '')} is not listed`;
  if (IN.has(name) && list?.children[1]?.kind === 'Identifier') return 'IN (name) could be a table: write = or has()';
  return undefined;
}

/** `trail (alias t)` is named trail. */
const nameOf = (what: string): string => what.replace(/ \(alias .*\)$/, '');

const LINE = /^( *)(\S+)(?: (?!\(children \d+\)$)(.*?))?(?: \(children (\d+)\))?$/;

/** One line a node, one space a level; undefined when a line does not fit. */
function treeOf(explained: string): Node | undefined {
  const path: Node[] = [];
  for (const line of explained.trimEnd().split('\n')) {
    const [, indent = '', kind = '', what = '', children = '0'] = LINE.exec(line) ?? [];
    const parent = path[indent.length - 1];
    if (kind === '' || indent.length > path.length || (parent === undefined) !== (path.length === 0)) return undefined;
    const node: Node = { kind, what, announced: Number(children), children: [] };
    parent?.children.push(node);
    path.length = indent.length;
    path.push(node);
  }
  return path[0];
}
