import * as vscode from 'vscode';
import type { RunHandle } from '../../run/run-manager.ts';
import { AssassinError, fromErrorInfo } from '../../shared/errors.ts';
import { commitPrompt, messageIn } from '../editing/commit-prompt.ts';
import { gitRepository } from '../editing/git-repository.ts';
import { follow, requireTrust } from '../launch.ts';
import type { Services } from '../services.ts';
import { chosenModel, tokensGranted } from './run-task.ts';
import { taskOf } from './targets.ts';

/** By the folder of the repository: the Git extension makes another object for it each time. */
const atWork = new Map<string, RunHandle>();

/**
 * Writes the message for what is staged, or for all changes where nothing is, into the input box of source control as the model says it. Again while it
 * is at it: stops, and the box is as it was.
 */
export async function writeCommitMessage(services: Services, target?: unknown): Promise<string | undefined> {
  requireTrust();
  const repository = await gitRepository(target);
  const root = repository.rootUri.toString();
  const running = atWork.get(root);
  if (running) {
    running.cancel(vscode.l10n.t('Stopped in the editor.'));
    return undefined;
  }
  const diff = (await repository.diff(true)) || (await repository.diff(false));
  if (diff.trim() === '') throw new AssassinError('invalid-input', vscode.l10n.t('There are no changes to write a message for.'), { hint: vscode.l10n.t('Stage what you want to commit.') });
  const given = taskOf(target);
  const model = given.model ?? (await chosenModel(services));
  if (model === undefined || !(given.tokens !== undefined || (await tokensGranted(services)))) return undefined;
  const draft = repository.inputBox.value;
  const budget = given.tokens === undefined ? {} : { budget: { tokens: given.tokens } };
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Writing the commit message'), cancellable: true }, (_progress, token) =>
    services.holder.use(async (runtime) => {
      const said = new Map<string, string>();
      const started: { handle?: RunHandle } = {};
      const show = (run: string) => {
        const words = said.get(run);
        if (words !== undefined) repository.inputBox.value = messageIn(words);
      };
      // Before the start: the first words may come before the run is known here.
      using _deltas = runtime.tasks.onDelta(({ run, kind, text }) => {
        if (kind !== 'text' && kind !== 'restart') return;
        said.set(run, kind === 'restart' ? '' : (said.get(run) ?? '') + text);
        if (run === started.handle?.id) show(run);
      });
      const handle = await runtime.startTask(commitPrompt(diff, draft), { model, executor: 'basic', ...budget });
      started.handle = handle;
      show(handle.id);
      atWork.set(root, handle);
      const cancelled = token.onCancellationRequested(() => handle.cancel(vscode.l10n.t('Stopped in the editor.')));
      void follow(services, handle);
      try {
        const { state, result, error } = await handle.outcome;
        const answer = (result as { readonly answer?: unknown } | null | undefined)?.answer;
        if (state !== 'done' || typeof answer !== 'string') {
          repository.inputBox.value = draft;
          throw error ? fromErrorInfo(error) : new AssassinError('cancelled', vscode.l10n.t('Stopped in the editor.'));
        }
        repository.inputBox.value = messageIn(answer);
        return handle.id;
      } finally {
        atWork.delete(root);
        cancelled.dispose();
      }
    }));
}
