import { readFile } from 'node:fs/promises';
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { AssassinError } from '../shared/errors.ts';

/** A file of settings as the editor writes them, comments and trailing commas included. */
export interface SettingsFile {
  /** By their whole names, such as `infrastructureAssassin.rules`. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The file with the line of a setting, or of one entry of its list. */
  placeOf(setting: string, entry?: number): string;
}

/**
 * Reads a file of settings; `undefined` where there is none. `shown` is what it is called in messages. Throws `invalid-config` for one that is no JSON: going on
 * without it would drop its deny rules in silence.
 */
export async function readSettingsFile(path: string, shown: string): Promise<SettingsFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return undefined;
    throw new AssassinError('invalid-config', `${shown} could not be read.`, { hint: 'Make it a file that you may read, or remove it.', cause });
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const first = errors[0];
  if (first) {
    const before = text.slice(0, first.offset);
    const location = { file: shown, line: lineAt(text, first.offset), column: first.offset - before.lastIndexOf('\n') };
    throw new AssassinError('invalid-config', `${shown} is not valid JSON: ${printParseErrorCode(first.error)}.`, { hint: 'Correct the file, or remove it.', location });
  }
  const settings: unknown = tree === undefined ? undefined : getNodeValue(tree);
  return {
    values: typeof settings === 'object' && settings !== null ? (settings as Readonly<Record<string, unknown>>) : {},
    placeOf: (setting, entry) => {
      const node = nodeAt(tree, entry === undefined ? [setting] : [setting, entry]);
      return node === undefined ? shown : `${shown}:${lineAt(text, node.offset)}`;
    },
  };
}

function nodeAt(tree: Node | undefined, path: readonly (string | number)[]): Node | undefined {
  return tree === undefined ? undefined : findNodeAtLocation(tree, [...path]);
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
