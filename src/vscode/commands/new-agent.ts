import { join } from 'node:path';
import * as vscode from 'vscode';
import { agentFolder } from '../../agent/team/agent-definition.ts';
import { agentTemplates } from '../../agent/team/agent-templates.ts';
import { requireTrust } from '../launch.ts';
import { requireFolder } from '../require-folder.ts';
import type { Services } from '../services.ts';

/** Asks for a template and a name, writes the agent and opens it. */
export async function newAgent(services: Services): Promise<void> {
  requireTrust();
  const folder = requireFolder(services.workspace());
  const items = agentTemplates.map((template) => ({ label: template.title, detail: template.description, template }));
  const template = (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('New agent: begin with what?'), matchOnDetail: true }))?.template;
  if (!template) return;
  const taken = new Set((await services.holder.use(({ team }) => team.list())).map(({ name }) => name));
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Name of the agent'), prompt: vscode.l10n.t('It is written to {0}', `${agentFolder}/NAME.md`), placeHolder: template.id, value: taken.has(template.id) ? '' : template.id, ignoreFocusOut: true,
    validateInput: (typed) => {
      if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(typed)) return vscode.l10n.t('Use small letters, digits and single hyphens, for example reviewer');
      return taken.has(typed) ? vscode.l10n.t('There is an agent of that name already') : undefined;
    },
  });
  if (name === undefined) return;
  const file = vscode.Uri.file(join(folder, agentFolder, `${name}.md`));
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(template.text));
  await vscode.window.showTextDocument(file);
}
