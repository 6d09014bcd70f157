import { isListed } from './gate-functions.ts';
import { type Refusal, refuse } from './gate-lexer.ts';
import { unknown } from './gate-sources.ts';
import { DATABASE, VIEWS } from './gate-views.ts';

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

/**
 * The second lock: reads what ClickHouse's own parser made of the query and checks every table and function in it. The tree
 * does not print the names of a WITH; `named` are those the first lock read, in order.
 */
export function readTree(explained: string, named: readonly string[]): { readonly ok: true } | Refusal {
  const root = treeOf(explained);
  if (root === undefined || root.kind !== 'SelectWithUnionQuery')
    return refuse('ClickHouse reads this as no plain SELECT');
  const walk: Walk = { named, defined: 0, inside: false };
  const fault = check(root, walk);
  if (fault !== undefined) return refuse(fault);
  return walk.defined === named.length ? { ok: true } : refuse('the WITH is not understood');
}

interface Walk {
  readonly named: readonly string[];
  /** How many queries of the WITH are behind us: those may be read from. */
  defined: number;
  /** Within a query of the WITH. */
  inside: boolean;
}

function check(node: Node, walk: Walk): string | undefined {
  const fault = wrong(node, walk);
  if (fault !== undefined) return fault;
  const names = node.kind === 'WithElement';
  if (names && walk.inside) return 'a WITH that names a query begins the whole query';
  if (names) walk.inside = true;
  for (const child of node.children) {
    const below = check(child, walk);
    if (below !== undefined) return below;
  }
  if (names) {
    walk.inside = false;
    walk.defined++;
  }
  return undefined;
}

function wrong({ kind, what, announced, children }: Node, walk: Walk): string | undefined {
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
      return isReadable(nameOf(what), walk) ? undefined : unknown(nameOf(what));
    case 'Function':
      return unfit(nameOf(what), children);
    default:
      return undefined;
  }
}

function isReadable(name: string, { named, defined }: Walk): boolean {
  const [database, view, ...more] = name.split('.');
  if (database === DATABASE && view !== undefined && more.length === 0) return VIEWS.has(view);
  return named.slice(0, defined).includes(name);
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
