import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import * as z from 'zod';
import { mcpSetting } from '../mcp/mcp-config-files.ts';
import type { RuntimeSettings } from '../runtime-options.ts';
import { AssassinError } from '../shared/errors.ts';

export const settingsFile = '.vscode/settings.json';
const rulesSetting = 'infrastructureAssassin.rules';

const rulesSchema = z.array(z.strictObject({ effect: z.enum(['allow', 'ask', 'deny']), grant: z.string() }));

export interface WorkspaceSettings {
  /** As written under `infrastructureAssassin.mcp.servers`, unchecked. */
  readonly mcpServers: unknown;
  readonly rules: RuntimeSettings['rules'];
}

/**
 * The editor's settings of a workspace, as far as the command line obeys them: MCP servers, and rules that deny or ask. Rules that
 * allow are for the editor only: here nothing is allowed but what the chain's grants and `--allow` name. Throws `invalid-config`.
 */
export async function readWorkspaceSettings(workspace: string): Promise<WorkspaceSettings> {
  let text: string;
  try {
    text = await readFile(join(workspace, settingsFile), 'utf8');
  } catch {
    return { mcpServers: undefined, rules: [] };
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const first = errors[0];
  if (first) {
    const before = text.slice(0, first.offset);
    const location = { file: settingsFile, line: lineAt(text, first.offset), column: first.offset - before.lastIndexOf('\n') };
    // Going on without it would drop its deny rules in silence.
    throw new AssassinError('invalid-config', `${settingsFile} is not valid JSON: ${printParseErrorCode(first.error)}.`, { hint: 'Correct the file, or remove it.', location });
  }
  const settings: unknown = tree === undefined ? undefined : getNodeValue(tree);
  const values = typeof settings === 'object' && settings !== null ? (settings as Readonly<Record<string, unknown>>) : {};
  const rules = rulesSchema.safeParse(values[rulesSetting] ?? []);
  if (!rules.success) {
    throw new AssassinError('invalid-config', `"${rulesSetting}" in ${settingsFile} is not a list of rules.`, { hint: 'Write [{ "effect": "deny", "grant": "net https://example.com" }].' });
  }
  const placed = rules.data.map((rule, i) => ({ ...rule, origin: originOf(text, tree, i) }));
  return { mcpServers: values[mcpSetting], rules: placed.filter((rule) => rule.effect !== 'allow') };
}

function originOf(text: string, tree: Node | undefined, rule: number): string {
  const node = tree === undefined ? undefined : findNodeAtLocation(tree, [rulesSetting, rule]);
  return node === undefined ? settingsFile : `${settingsFile}:${lineAt(text, node.offset)}`;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
