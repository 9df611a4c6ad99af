import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ChainTemplate } from '../../chains/templates.ts';
import { requireTrust } from '../launch.ts';
import { mcpTemplate, named } from '../mcp-template.ts';
import { chainFolder } from '../names.ts';
import { requireFolder } from '../require-folder.ts';
import type { Services } from '../services.ts';

/** Asks for a template and a name, writes the chain and its types, and opens it. `target.description` is what a person has typed before. */
export async function newChain(services: Services, target?: unknown): Promise<void> {
  requireTrust();
  const folder = requireFolder(services.workspace());
  const template = await pickTemplate(services);
  if (!template) return;
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Name of the chain'), prompt: vscode.l10n.t('It is written to {0}', `${chainFolder}/NAME.ts`), placeHolder: 'price-watch', ignoreFocusOut: true,
    validateInput: (typed) => {
      if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(typed)) return vscode.l10n.t('Use small letters, digits and single hyphens, for example price-watch');
      return existsSync(fileOf(folder, typed)) ? vscode.l10n.t('There is a chain of that name already') : undefined;
    },
  });
  if (name === undefined) return;
  const file = vscode.Uri.file(fileOf(folder, name));
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(named(template, name, descriptionOf(target))));
  await services.writeTypes();
  const editor = await vscode.window.showTextDocument(file);
  // The first thing to change is what it is for.
  const at = editor.document.getText().indexOf('description: ') + "description: '".length;
  const end = editor.document.lineAt(editor.document.positionAt(at).line).range.end.translate(0, -2);
  editor.selection = new vscode.Selection(editor.document.positionAt(at), end);
}

const fileOf = (folder: string, name: string) => join(folder, chainFolder, `${name}.ts`);

function descriptionOf(target: unknown): string | undefined {
  const text = typeof target === 'object' && target !== null && 'description' in target ? target.description : undefined;
  return typeof text === 'string' && text.trim() !== '' ? text : undefined;
}

async function pickTemplate({ holder }: Services): Promise<ChainTemplate | undefined> {
  const { chainTemplates } = await import('../../chains/templates.ts');
  // One for each server whose tools are known, for its first tool: which one is meant is quickly changed, because the types are there.
  const known = !holder.isOpen ? [] : await holder.use(({ mcp }) => mcp.servers().flatMap(({ name }) => {
    const tool = mcp.knownTools(name)?.[0];
    return tool ? [mcpTemplate(name, tool)] : [];
  }));
  const items = [...chainTemplates, ...known].map((template) => ({ label: template.title, detail: template.description, template }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('New chain: begin with what?'), matchOnDetail: true }))?.template;
}
