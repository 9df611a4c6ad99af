import { anchoredMatch, tolerantMatch, type LineMatch } from './edit-match.ts';
import { FileLines } from './file-lines.ts';
import { nearestText, type NearText } from './near-text.ts';

/** Replace `oldText` by `newText`: in the one place where it stands, or with `all` wherever it stands exactly. */
export interface Edit {
  readonly oldText: string;
  readonly newText: string;
  readonly all?: boolean;
}

export interface AppliedEdit {
  readonly how: 'exact' | 'whitespace' | 'anchored';
  /** Where it begins, from 1, in the text as the edits before had left it. */
  readonly line: number;
  readonly places: number;
}

export interface FailedEdit {
  /** Which of the edits, from 1. */
  readonly edit: number;
  readonly reason: string;
  readonly nearest?: NearText;
}

export type EditOutcome =
  | { readonly ok: true; readonly text: string; readonly applied: readonly AppliedEdit[] }
  | { readonly ok: false; readonly failures: readonly FailedEdit[] };

/**
 * Applies edits one after another, all or none. Each is looked for exactly first, then without regard to white space and line ends, then by its first
 * and last line. Only the lines that differ change; line ends and a byte order mark stay as the file has them.
 */
export function applyEdits(text: string, edits: readonly Edit[]): EditOutcome {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  let body = new FileLines(text.slice(mark.length));
  const applied: AppliedEdit[] = [];
  const failures: FailedEdit[] = [];
  for (const [i, edit] of edits.entries()) {
    const result = applyOne(body, edit);
    if ('reason' in result) {
      failures.push({ edit: i + 1, ...result });
      continue;
    }
    body = new FileLines(result.text);
    applied.push(result.applied);
  }
  return failures.length > 0 ? { ok: false, failures } : { ok: true, text: mark + body.text, applied };
}

type OneResult = { readonly text: string; readonly applied: AppliedEdit } | Omit<FailedEdit, 'edit'>;

function applyOne(file: FileLines, edit: Edit): OneResult {
  const { text } = file;
  const eol = lineEndOf(text);
  const oldText = withLineEnd(edit.oldText, eol);
  const newText = withLineEnd(edit.newText, eol);
  if (oldText === '') {
    if (text !== '') return { reason: 'its oldText is empty, but the file is not: say which text is to be replaced.' };
    return { text: newText, applied: { how: 'exact', line: 1, places: 1 } };
  }
  const places = placesOf(text, oldText);
  const [first] = places;
  if (first !== undefined) {
    if (places.length > 1 && edit.all !== true) {
      return { reason: `its oldText stands in ${places.length} places (lines ${places.slice(0, 8).map((at) => lineAt(text, at)).join(', ')}${places.length > 8 ? ', ...' : ''}): add lines around it, or set all.` };
    }
    return { text: text.split(oldText).join(newText), applied: { how: 'exact', line: lineAt(text, first), places: places.length } };
  }
  const found = tolerantMatch(file, oldText, newText) ?? anchoredMatch(file, oldText, newText);
  if (found === undefined) {
    const nearest = nearestText(text, oldText);
    return { reason: 'its oldText is not in the file.', ...(nearest === undefined ? {} : { nearest }) };
  }
  return 'lines' in found ? { reason: `its oldText is in the file only apart from white space, and then in ${found.lines.length} places (lines ${found.lines.join(', ')}): add lines around it.` } : replaced(found);
}

function replaced({ text, how, line }: LineMatch): OneResult {
  return { text, applied: { how, line, places: 1 } };
}

function placesOf(text: string, part: string): readonly number[] {
  const places: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) places.push(at);
  return places;
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** The line end that most lines of a text have. */
function lineEndOf(text: string): '\n' | '\r\n' {
  const all = text.split('\n').length - 1;
  const windows = text.split('\r\n').length - 1;
  return windows * 2 > all ? '\r\n' : '\n';
}

function withLineEnd(text: string, eol: string): string {
  return text.replace(/\r?\n/g, eol);
}
