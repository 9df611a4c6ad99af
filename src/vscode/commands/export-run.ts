import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { pickRun } from './pick-run.ts';
import { wholeValue } from '../../store/whole-value.ts';
import { runIdOf } from './targets.ts';

export async function exportRunCommand(services: Services, target?: unknown): Promise<void> {
  const id = runIdOf(target) ?? (await pickRun(services, vscode.l10n.t('Export which run?'), () => true));
  if (id !== undefined) await exportRun(services, id);
}

/** Asks where to, and writes a task's conversation as Markdown, or the whole record as one JSON document: what `runs export` of the command line writes. */
export async function exportRun(services: Services, id: string): Promise<void> {
  const folder = services.workspace();
  const isTask = (await services.history.run(id)).kind === 'task';
  const uri = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export run'),
    filters: isTask ? { Markdown: ['md'], JSON: ['json'] } : { JSON: ['json'] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.file(join(folder, `${id}.${isTask ? 'md' : 'json'}`)) }),
  });
  if (!uri) return;
  const text = uri.path.endsWith('.md') && isTask
    ? await services.holder.use((runtime) => runtime.tasks.exportConversation(id, 'markdown'))
    : `${JSON.stringify(await recordOf(services, id), null, 2)}\n`;
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  vscode.window.setStatusBarMessage(vscode.l10n.t('Exported {0}', id), 5000);
}

/** All that is on record of a run. What lies in a blob is written out: an export stands on its own. */
export async function recordOf({ history }: Services, id: string): Promise<object> {
  const [{ destructionOf }, detail, trace, events, bill] = await Promise.all([
    import('../../telemetry/destruction.ts'), history.detail(id), history.spans(id), history.events(id), history.bill(id),
  ]);
  const { input, result } = detail;
  const whole = await history.read(async ({ blobs }) => ({
    input: { json: await wholeValue(input, (hash) => blobs.read(hash)) },
    ...(result === undefined ? {} : { result: { json: await wholeValue(result, (hash) => blobs.read(hash)) } }),
  }));
  return { summary: { ...detail, ...whole }, trace, destruction: destructionOf(events), bill, events };
}
