import { applyEdits, modify, parse, type ParseError } from 'jsonc-parser';
import { AssassinError } from '../../shared/errors.ts';
import { jsonProblem } from '../../shared/json-problem.ts';
import type { McpInput } from '../mcp-config.ts';
import type { PortableEntry } from './foreign-entry.ts';

const formattingOptions = { insertSpaces: true, tabSize: 2, insertFinalNewline: true };

/**
 * The text of a `.vscode/mcp.json` with a server more, and the inputs that it needs. Comments and everything else stay as they are. Throws
 * `invalid-config` where the text is not valid, since editing around an error could swallow what stands behind it, and where there is such a server.
 */
export function addToConfig(text: string, file: string, name: string, entry: PortableEntry, inputs: readonly McpInput[] = []): string {
  const errors: ParseError[] = [];
  const before = text.trim() === '' ? '{}' : text;
  const value = parse(before, errors, { allowTrailingComma: true }) as { readonly servers?: object; readonly inputs?: readonly { readonly id?: string }[] } | undefined;
  const problem = jsonProblem(before, errors, file);
  if (problem) {
    throw new AssassinError('invalid-config', `${file} is not valid JSON (${problem.what}), so nothing was added to it.`, { hint: 'Correct the file and add the server again.', location: problem.location });
  }
  if (value?.servers !== undefined && Object.hasOwn(value.servers, name)) {
    throw new AssassinError('invalid-config', `${file} has a server "${name}" already.`, { hint: 'Give another name, or remove that one first.' });
  }
  const known = new Set((value?.inputs ?? []).map(({ id }) => id));
  let edited = applyEdits(before, modify(before, ['servers', name], entry, { formattingOptions }));
  for (const { id, type, description, password, options, default: preset } of inputs.filter((input) => !known.has(input.id))) {
    edited = applyEdits(edited, modify(edited, ['inputs', -1], { type, id, ...(description === undefined ? {} : { description }), ...(options === undefined ? {} : { options }), ...(preset === undefined ? {} : { default: preset }), password }, { formattingOptions, isArrayInsertion: true }));
  }
  return `${edited.trimEnd()}\n`;
}
