/**
 * Source code is told by its lines, looked at in parts: so many of a part's, and this share of them. Comments and lone
 * brackets say nothing, and a licence or a page of prose in front hides nothing behind it.
 */
const PART = 24;
const PARTS = 8;
const LEAST_LINES = 3;
const LEAST_SHARE = 0.5;
/** Longest stretch of a line that is looked at. */
const LINE = 200;

/** A line of code, in the languages most written: how it ends, or the words it begins with. */
const CODE = new RegExp(
  [
    '^\\s*(?:import|from) [\\w.{*\'"@/-]+.*(?:import |from |;$|[\'"]$)',
    '^\\s*(?:(?:export|default|public|private|protected|static|async|pub|final) )*(?:function|class|interface|struct|enum|trait|impl|def|fn|func|const|let|var|type|namespace|module)\\b.*[({:=;]',
    '^\\s*(?:#include\\b|package [\\w.]+;?$)',
    '^\\s*(?:\\} )?(?:if|for|while|switch|catch|elif|else)\\b.*[{:]$',
    '^\\s*(?:return|throw|raise|await|yield)\\b.*[\\w;)\\]}]$',
    '^\\s*@\\w+(?:\\(.*\\))?$',
    '^\\s*(?:SELECT|INSERT INTO|UPDATE|CREATE TABLE|ALTER TABLE)\\b',
    '^(?!\\s*").*(?:[;{]|=> ?[{(]|\\)\\s*:)$',
    '^\\s*[\\w.$]+(?:\\(.*\\))? (?:=|\\+=|:=) .+$',
    '^\\s*[\\w.$]+\\(.*\\)$',
  ].join('|'),
);
const FENCE = /^\s*```[a-z+#]+$/i;
const SAYS_NOTHING = /^\s*(?:(?:\/\/|#(?!include)|\*|\/\*).*|[()[\]{};,]*)$/;

/** Whether a content holds source code in any of its strings. */
export function holdsCode(content: unknown): boolean {
  if (typeof content === 'string') return isCode(content);
  if (Array.isArray(content)) return content.some(holdsCode);
  return typeof content === 'object' && content !== null && Object.values(content).some(holdsCode);
}

function isCode(text: string): boolean {
  if (!text.includes('\n')) return false;
  for (let part = 0, at = 0; part < PARTS && at < text.length; part++) {
    let [lines, code] = [0, 0];
    for (let line = 0; line < PART && at < text.length; line++) {
      const close = text.indexOf('\n', at);
      const end = close < 0 ? text.length : close;
      const weight = weigh(text.slice(at, Math.min(end, at + LINE)).trimEnd());
      at = end + 1;
      if (weight === undefined) continue;
      lines++;
      code += weight;
    }
    if (code >= LEAST_LINES && code >= lines * LEAST_SHARE) return true;
  }
  return false;
}

/** How much a line speaks for code; undefined where it says nothing. The fence of a block names its language. */
function weigh(line: string): number | undefined {
  if (SAYS_NOTHING.test(line)) return undefined;
  if (FENCE.test(line)) return LEAST_LINES - 1;
  return CODE.test(line) ? 1 : 0;
}
