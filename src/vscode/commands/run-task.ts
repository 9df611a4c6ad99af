import * as vscode from 'vscode';
import { AssassinError } from '../../shared/errors.ts';
import { launch, requireTrust } from '../launch.ts';
import { offerModels } from '../models/offer-models.ts';
import { pickModel } from '../models/pick-model.ts';
import { extensionName } from '../names.ts';
import type { Services } from '../services.ts';
import { withSecretsMoved } from '../pasted-secrets.ts';
import { configuration } from '../settings.ts';
import { taskOf } from './targets.ts';

/** The words of a task that could not be started yet: they stand in the box again the next time. */
const draftKey = 'taskDraft';
const lastModelKey = 'lastModel';
/** What is offered where no tokens are granted; a task of some size takes a part of it. */
const suggestedTokens = 200_000;

/** Asks what is to be done and by which model, and shows the run. Gives its id. */
export async function runTask(services: Services, target?: unknown): Promise<string | undefined> {
  requireTrust();
  const { context } = services;
  const given = taskOf(target);
  const words = given.text ?? (await askForTask(context.workspaceState.get<string>(draftKey, '')));
  if (words === undefined || words.trim() === '') return undefined;
  const text = await withSecretsMoved(words, context);
  await context.workspaceState.update(draftKey, text);
  try {
    const model = given.model ?? (await chosenModel(services));
    if (model === undefined || !(given.tokens !== undefined || (await tokensGranted(services)))) return undefined;
    const budget = given.tokens === undefined ? {} : { budget: { tokens: given.tokens } };
    const id = await launch(services, (runtime) => runtime.startTask(text, { model, ...budget, ...(given.agent === undefined ? {} : { agent: given.agent }) }), { show: 'chat' });
    await context.workspaceState.update(draftKey, undefined);
    await context.globalState.update(lastModelKey, model);
    return id;
  } catch (error) {
    if (!AssassinError.isInstance(error) || error.code !== 'no-model') throw error;
    services.log.info(error.message);
    // Not awaited: whoever called the command must not wait for an answer that may never come.
    void offerModels('');
    return undefined;
  }
}

function askForTask(value: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Run task'), prompt: vscode.l10n.t('What is to be done?'), placeHolder: vscode.l10n.t('Compare the prices of the three shops in shops.json'), value, ignoreFocusOut: true,
  });
}

/** The model of the setting, else the one that the person picks. With no model at all it says so, and gives `undefined`. */
export async function chosenModel({ context, holder, log, workspace }: Services): Promise<string | undefined> {
  const folder = workspace();
  const preset = configuration(folder === undefined ? undefined : vscode.Uri.file(folder)).get<string>('models.default', '').trim();
  if (preset !== '') return preset;
  const { models, problems } = await vscode.window.withProgress({ location: { viewId: `${extensionName}.runs` } }, () =>
    holder.use(async ({ models: registry }) => ({ models: await registry.list({ refresh: true }), problems: registry.problems })));
  for (const { provider, error } of problems) log.warn(`The models of ${provider} could not be listed: ${error.message}`);
  if (models.length > 1) return pickModel(models, context.globalState.get<string>(lastModelKey));
  if (models[0]) return models[0].id;
  void offerModels(problems.map(({ error }) => error.message).join(' '));
  return undefined;
}

/** Models cost: nothing is spent before the person has granted a number of tokens. */
export async function tokensGranted({ workspace }: Services): Promise<boolean> {
  const folder = workspace();
  const settings = configuration(folder === undefined ? undefined : vscode.Uri.file(folder));
  if (settings.get<number>('budget.tokens', 0) !== 0) return true;
  const allow = vscode.l10n.t('Allow {0} a run', new Intl.NumberFormat(vscode.env.language).format(suggestedTokens));
  const open = vscode.l10n.t('Open settings');
  const answer = await vscode.window.showInformationMessage(vscode.l10n.t('A task needs a budget of tokens, and none is set: models cost money or time. How many may each run use?'), allow, open);
  if (answer === open) await vscode.commands.executeCommand('workbench.action.openSettings', `${extensionName}.budget.tokens`);
  if (answer !== allow) return false;
  const { workspaceFolderValue, workspaceValue } = settings.inspect<number>('budget.tokens') ?? {};
  // A zero of the folder or workspace would hide what is written further up.
  const target = workspaceFolderValue !== undefined ? vscode.ConfigurationTarget.WorkspaceFolder : workspaceValue !== undefined ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await settings.update('budget.tokens', suggestedTokens, target);
  return true;
}
