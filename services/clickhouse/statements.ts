/** What may hide a semicolon from us: comments, and quoted text with either way of escaping. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\[\s\S]|''|[^'\\])*'|"(?:\\[\s\S]|""|[^"\\])*"|`(?:\\[\s\S]|``|[^`\\])*`|;/g;

/** The statements of a SQL file: one request carries one statement. Comments go, so that a file may end with one. */
export function statements(sql: string): readonly string[] {
  const found: string[] = [];
  let open = '';
  let from = 0;
  for (const { 0: token, index } of sql.matchAll(TOKEN)) {
    open += sql.slice(from, index);
    from = index + token.length;
    if (token === ';') {
      found.push(open);
      open = '';
    } else open += /^(--|\/\*)/.test(token) ? ' ' : token;
  }
  found.push(open + sql.slice(from));
  return found.map((statement) => statement.trim()).filter((statement) => statement !== '');
}
