/** An instruction to the agent in a comment. Lines count from 0; `endLine` is the last one of it. */
export interface CommentTask {
  readonly text: string;
  readonly line: number;
  readonly endLine: number;
  /** Where the comment begins in its first line: what stands before it is code and stays. */
  readonly column: number;
}

const blocks = [['/*', '*/'], ['<!--', '-->'], ['{-', '-}'], ['(*', '*)'], ['{#', '#}'], ['<%--', '--%>'], ['#|', '|#'], ['"""', '"""'], ["'''", "'''"]] as const;
const openers = ['//', '#', '--', ';', '%', "'", '"', 'REM', '!', ...blocks.map(([opener]) => opener)].sort((a, b) => b.length - a.length);
const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** The comment begins the line or follows white space: an address or a string with these words in its middle is no comment. */
const first = new RegExp(`(?:^|\\s)((?:${openers.map(literal).join('|')})[/*#;!-]*)\\s*@?assassin:[ \\t]*(.*)$`, 'i');
/** Longer ones are not instructions in a comment any more. */
const mostLines = 20;
const mostTasks = 100;

/** `// assassin: do this`, in the comment styles of most languages. Found by the words alone: this runs at each keystroke. */
export function scanComments(source: string): readonly CommentTask[] {
  if (!/assassin:/i.test(source)) return [];
  const lines = source.split(/\r?\n/);
  const tasks: CommentTask[] = [];
  for (let line = 0; line < lines.length && tasks.length < mostTasks; line++) {
    const match = first.exec(lines[line] ?? '');
    if (!match) continue;
    const [, opener = '', rest = ''] = match;
    const column = match.index + match[0].indexOf(opener);
    const closer = blocks.find(([begin]) => opener.startsWith(begin))?.[1];
    const { text, endLine } = closer === undefined ? furtherLines(lines, line, column, opener, rest) : untilCloser(lines, line, closer, rest);
    if (text !== '') tasks.push({ text, line, endLine, column });
    line = endLine;
  }
  return tasks;
}

/** Lines below with the same comment sign belong to it where their words are indented further than one space. */
function furtherLines(lines: readonly string[], line: number, column: number, opener: string, rest: string): { readonly text: string; readonly endLine: number } {
  const parts = [rest.trim()];
  let endLine = line;
  const alone = (lines[line] ?? '').slice(0, column).trim() === '';
  const further = new RegExp(`^\\s*${literal(opener)}[ \\t]{2,}(\\S.*)$`);
  if (!alone) return { text: rest.trim(), endLine };
  while (parts.length < mostLines) {
    const next = further.exec(lines[endLine + 1] ?? '')?.[1];
    if (next === undefined) break;
    parts.push(next.trim());
    endLine += 1;
  }
  return { text: parts.join(' ').trim(), endLine };
}

function untilCloser(lines: readonly string[], line: number, closer: string, rest: string): { readonly text: string; readonly endLine: number } {
  const parts: string[] = [];
  for (let at = line; at < lines.length && parts.length < mostLines; at++) {
    const words = at === line ? rest : (lines[at] ?? '').replace(/^\s*\*(?!\/)\s?/, '');
    const end = words.indexOf(closer);
    // Code behind the comment would go with it.
    if (end >= 0) return words.slice(end + closer.length).trim() === '' ? { text: [...parts, words.slice(0, end)].map((part) => part.trim()).join(' ').trim(), endLine: at } : { text: '', endLine: line };
    parts.push(words);
  }
  return { text: '', endLine: line };
}
