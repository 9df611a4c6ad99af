import * as vscode from 'vscode';
import { AssassinError } from '../../shared/errors.ts';
import { launch, requireTrust } from '../launch.ts';
import type { Services } from '../services.ts';

/** Waits for a call that an MCP server works on by itself, and that a closed or killed editor has left behind, as a run whose result it is. Gives its id. */
export async function fetchMcpTask(services: Services, target?: unknown): Promise<string | undefined> {
  requireTrust();
  const tasks = await services.holder.use(({ mcp }) => mcp.tasks?.list() ?? []);
  if (tasks.length === 0) throw new AssassinError('invalid-input', vscode.l10n.t('No MCP task is open.'), { hint: vscode.l10n.t('Each has given its result, or is still waited for.') });
  const items = tasks.map((task) => ({ label: `${task.server}.${task.tool}`, description: new Date(task.at).toLocaleString(), detail: vscode.l10n.t('Begun by the run {0}', task.run), task }));
  const known = tasks.find(({ id }) => id === target);
  const task = known ?? (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Result of which MCP task?'), matchOnDescription: true }))?.task;
  return task === undefined ? undefined : launch(services, (runtime) => runtime.startTool('tasks.result', { id: task.id }, { title: vscode.l10n.t('Result of {0}', `${task.server}.${task.tool}`), grants: [`mcp ${task.server}:${task.tool}`] }));
}
