/** Source code is told by its lines: so many of those looked at, and this share of them. */
const LEAST_LINES = 4;
const LEAST_SHARE = 0.4;
const LINES = 24;
const LINE = 200;

/** A line of code in the languages of the day: how it ends, or the words it begins with. */
const CODE =
  /^\s*(?:(?:import|from) [\w.{*'"@/-]+.*(?:import |from |;$|['"]$)|(?:export |default |public |private |protected |static |async |pub |final )*(?:function|class|interface|struct|enum|trait|impl|def|fn|func|const|let|var|type|namespace|module)\b.*[({:=;]|#include\b|package [\w.]+;?$|(?:if|for|while|switch|catch|elif|else if)\b.*[{:]$|(?:return|throw|raise|await|yield)\b.*[;)\]}]$|(?:\}|\)|\]|\};|\}\);?|\},)$|@\w+(?:\(.*\))?$|(?:SELECT|INSERT INTO|UPDATE|CREATE TABLE|ALTER TABLE)\b)|[;{]$|=> ?[{(]$|\)\s*:$|^\s*[\w.$]+(?:\(.*\))?\s(?:=|\+=|:=)\s.+$|^\s*[\w.$]+\(.*\)$/;
const FENCE = /^\s*```[a-z+#]+\s*$/i;
const BLANK = /^\s*(?:\/\/.*|#.*|\*.*|\/\*.*)?$/;

/** Whether a content holds source code in any of its strings. Looks at the first lines of each: code seldom hides. */
export function holdsCode(content: unknown): boolean {
  if (typeof content === 'string') return isCode(content);
  if (Array.isArray(content)) return content.some(holdsCode);
  return typeof content === 'object' && content !== null && Object.values(content).some(holdsCode);
}

function isCode(text: string): boolean {
  let [lines, code] = [0, 0];
  for (let at = 0, seen = 0; at < text.length && seen < LINES; seen++) {
    const close = text.indexOf('\n', at);
    if (close < 0 && at === 0) return false;
    const end = close < 0 ? text.length : close;
    const line = text.slice(at, Math.min(end, at + LINE)).trimEnd();
    at = end + 1;
    if (BLANK.test(line)) continue;
    lines++;
    if (FENCE.test(line)) code += LEAST_LINES - 1;
    else if (CODE.test(line)) code++;
  }
  return code >= LEAST_LINES && code >= lines * LEAST_SHARE;
}
