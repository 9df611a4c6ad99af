/** What a file imports that no sandbox has. */
export type FileNeeds = 'none' | 'node' | 'editor';

export interface FoundFunction {
  readonly name: string;
  /** Counts from 0, as the editor's positions do. */
  readonly line: number;
  readonly hasParameters: boolean;
}

/** Longer files are generated more often than written, and are not looked at. */
const maxCharacters = 200 * 1024;
/** Longer lines are minified code; patterns with several gaps would take time with the square of their length. */
const maxLine = 1000;

const nodeBuiltins = 'assert|async_hooks|buffer|child_process|cluster|console|crypto|dgram|dns|domain|events|fs|http|http2|https|inspector|module|net|os|path|perf_hooks|process|readline|repl|stream|string_decoder|timers|tls|tty|url|util|v8|vm|worker_threads|zlib';
/** What an import of Node's own modules looks like at the beginning of a line; type-only imports leave nothing behind and are harmless. */
const importing = String.raw`^\s*(?:import(?!\s+type\b)[^'"\n]*|(?:const|let|var)\b[^'"\n]*\brequire\(\s*|\}\s*from\s*)`;
const importsNode = new RegExp(`${importing}['"](?:node:[^'"]+|(?:${nodeBuiltins})(?:/[^'"]+)?)['"]`, 'm');
const importsEditor = new RegExp(`${importing}['"](?:vscode|electron)['"]`, 'm');

const declared = /^export\s+(?:(default)\s+)?(?:async\s+)?function\s*([A-Za-z_$][\w$]*)?\s*(?:<[^\n]*?>)?\s*\(\s*(\)?)/;
const assigned = /^export\s+(?:const\s+([A-Za-z_$][\w$]*)\s*(?::[^\n]*?)?=(?![=>])|default\b)\s*(?:async\s*)?(?:function\s*)?(?:<[^\n]*?>\s*)?(?:\(\s*(\)?)|([A-Za-z_$][\w$]*)\s*=>)/;
const arrowSoon = /=>|^[^\n]*\bfunction\b/;

export function needsOf(text: string): FileNeeds {
  return importsEditor.test(text) ? 'editor' : importsNode.test(text) ? 'node' : 'none';
}

/**
 * Exported functions, found line by line without a parser: the editor asks for them at each keystroke. A line that
 * only looks like one costs a lens too much, never a wrong run: the real check is made when it is run.
 */
export function scanFunctions(text: string): readonly FoundFunction[] {
  if (text.length > maxCharacters) return [];
  const found: FoundFunction[] = [];
  const lines = text.split('\n');
  for (const [line, content] of lines.entries()) {
    if (!content.startsWith('export') || content.length > maxLine) continue;
    const named = declared.exec(content);
    const match = named ?? arrow(content, lines, line);
    const name = named ? (named[1] ?? named[2]) : match && (match[1] ?? 'default');
    if (match && name) found.push({ name, line, hasParameters: match[named ? 3 : 2] !== ')' });
  }
  return found;
}

/** `export const x = (` may be a function or just brackets: the arrow stands on the same line, or soon where the parameters take several. */
function arrow(content: string, lines: readonly string[], line: number): RegExpExecArray | null {
  const match = assigned.exec(content);
  if (!match || match[3] !== undefined) return match;
  const rest = content.slice(match[0].length);
  return arrowSoon.test(content) || (!/[)]/.test(rest) && arrowSoon.test(lines.slice(line + 1, line + 12).join('\n'))) ? match : null;
}
