import { readFile } from 'node:fs/promises';
import { findNodeAtLocation, getNodeValue, parseTree, type Node, type ParseError } from 'jsonc-parser';
import { AssassinError } from '../shared/errors.ts';
import { jsonProblem, placeIn } from '../shared/json-problem.ts';

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
    text = (await readFile(path, 'utf8')).replace(/^\ufeff/, '');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return undefined;
    throw new AssassinError('invalid-config', `${shown} could not be read.`, { hint: 'Make it a file that you may read, or remove it.', cause });
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  // Like the editor: a file in which nothing is written yet has no settings.
  const problem = tree === undefined && text.trim() === '' ? undefined : jsonProblem(text, errors, shown);
  if (problem) throw new AssassinError('invalid-config', `${shown} is not valid JSON: ${problem.what}.`, { hint: 'Correct the file, or remove it.', location: problem.location });
  const settings: unknown = tree === undefined ? undefined : getNodeValue(tree);
  return {
    values: typeof settings === 'object' && settings !== null ? (settings as Readonly<Record<string, unknown>>) : {},
    placeOf: (setting, entry) => {
      const node = nodeAt(tree, entry === undefined ? [setting] : [setting, entry]);
      return node === undefined ? shown : `${shown}:${placeIn(text, node.offset).line}`;
    },
  };
}

function nodeAt(tree: Node | undefined, path: readonly (string | number)[]): Node | undefined {
  return tree === undefined ? undefined : findNodeAtLocation(tree, [...path]);
}
