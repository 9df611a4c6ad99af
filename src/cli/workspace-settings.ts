import { join } from 'node:path';
import * as z from 'zod';
import { mcpSetting } from '../mcp/mcp-config-files.ts';
import type { RuntimeSettings } from '../runtime-options.ts';
import { AssassinError } from '../shared/errors.ts';
import { issuesOf } from '../tools/input-issues.ts';
import { readSettingsFile } from './settings-file.ts';

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
 * allow are obeyed where the person writes them, not where a folder brings them. Throws `invalid-config`.
 */
export async function readWorkspaceSettings(workspace: string): Promise<WorkspaceSettings> {
  const file = await readSettingsFile(join(workspace, settingsFile), settingsFile);
  if (file === undefined) return { mcpServers: undefined, rules: [] };
  const written = file.values[rulesSetting] ?? [];
  const rules = rulesSchema.safeParse(written);
  if (!rules.success) {
    const entry = rules.error.issues[0]?.path[0];
    const place = file.placeOf(rulesSetting, typeof entry === 'number' ? entry : undefined);
    throw new AssassinError('invalid-config', `"${rulesSetting}" is not a list of rules. ${issuesOf(rules.error, written).map((issue) => issue.replace(/^(\d+)/, (at) => `Rule ${Number(at) + 1}`).replace(/^input: /, '')).join('; ')}. It stands in ${place}.`, { hint: 'Write [{ "effect": "deny", "grant": "net https://example.com" }].' });
  }
  const placed = rules.data.map((rule, entry) => ({ ...rule, origin: file.placeOf(rulesSetting, entry) }));
  return { mcpServers: file.values[mcpSetting], rules: placed.filter((rule) => rule.effect !== 'allow') };
}
