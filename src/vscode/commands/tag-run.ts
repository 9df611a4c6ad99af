import * as vscode from 'vscode';
import type { TagChange } from '../../run/tag-run.ts';
import { describeError } from '../../shared/errors.ts';
import { cleanTags } from '../../shared/tags.ts';
import type { Services } from '../services.ts';
import { pickRun } from './pick-run.ts';
import { runIdOf } from './targets.ts';

/** Asks for the tags that a run is to have, with those that it has in the box. */
export async function tagRunCommand(services: Services, target?: unknown): Promise<readonly string[] | undefined> {
  const run = runIdOf(target) ?? (await pickRun(services, vscode.l10n.t('Tag which run?'), () => true));
  if (run === undefined) return undefined;
  const before = await services.history.read((store) => store.traces.tags(run));
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Tags of the run'), prompt: vscode.l10n.t('Separated by commas. The search in the history finds the run by them.'), value: before.join(', '), ignoreFocusOut: true, validateInput: problemOf,
  });
  if (text === undefined) return undefined;
  const wanted = tagsIn(text);
  return setTags(services, run, { add: wanted.filter((tag) => !before.includes(tag)), remove: before.filter((tag) => !wanted.includes(tag)) });
}

/** In the record of the window that runs it, else in that of a run that has ended. */
export function setTags({ holder }: Services, run: string, change: TagChange): Promise<readonly string[]> {
  const live = holder.runtimes.find(({ runs }) => runs.live.some(({ id }) => id === run));
  return live ? Promise.resolve(live.runs.tag(run, change)) : holder.use((runtime) => runtime.runs.tag(run, change));
}

const tagsIn = (text: string) => cleanTags(text.split(',').filter((tag) => tag.trim() !== ''));

function problemOf(text: string): string | undefined {
  try {
    tagsIn(text);
    return undefined;
  } catch (error) {
    return describeError(error);
  }
}
