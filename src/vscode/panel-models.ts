import * as vscode from 'vscode';
import type { ModelInfo } from '../models/model-client.ts';
import { toErrorInfo } from '../shared/errors.ts';
import type { ModelChoice } from '../shared/protocol-chat.ts';
import { abilitiesOf, pickModel } from './models/pick-model.ts';
import type { Services } from './services.ts';
import { configuration } from './settings.ts';

const lastModelKey = 'lastModel';

/** The model that the next task gets: the one of the setting, else the one used last, else the only one there is. */
export async function currentModel(services: Services, refresh: boolean): Promise<ModelChoice> {
  if (!vscode.workspace.isTrusted) return { label: vscode.l10n.t('Restricted Mode'), abilities: [], pictures: false, none: false, blocked: 'untrusted' };
  if (services.workspace() === undefined) return { label: vscode.l10n.t('No folder'), abilities: [], pictures: false, none: false, blocked: 'no-folder' };
  try {
    return await modelNow(services, refresh);
  } catch (error) {
    const { code, message, hint } = toErrorInfo(error);
    if (code !== 'invalid-config') throw error;
    return { label: vscode.l10n.t('A setting is wrong'), abilities: [], pictures: false, none: false, blocked: 'settings', problem: [message, hint].filter(Boolean).join(' ') };
  }
}

async function modelNow(services: Services, refresh: boolean): Promise<ModelChoice> {
  const { models, problem } = await list(services, refresh);
  const wanted = presetOf(services) ?? services.context.globalState.get<string>(lastModelKey);
  const found = models.find(({ id }) => id === wanted) ?? (models.length === 1 && presetOf(services) === undefined ? models[0] : undefined);
  if (found) return choice(found);
  const preset = presetOf(services);
  if (preset !== undefined) return { id: preset, label: preset, abilities: [], pictures: true, none: false, ...(problem === '' ? {} : { problem }) };
  return { label: '', abilities: [], pictures: false, none: models.length === 0, ...(problem === '' ? {} : { problem }) };
}

/** Asks the person, and remembers what they chose. */
export async function chooseModel(services: Services): Promise<ModelChoice> {
  const { models } = await list(services, true);
  if (models.length === 0) return currentModel(services, false);
  const chosen = await pickModel(models, (await currentModel(services, false)).id);
  if (chosen !== undefined) {
    await rememberModel(services, chosen);
    // A setting would go on winning over what was just chosen.
    if (presetOf(services) !== undefined) await settingsOf(services).update('models.default', chosen, vscode.ConfigurationTarget.Workspace);
  }
  return currentModel(services, false);
}

export async function rememberModel({ context }: Services, model: string): Promise<void> {
  await context.globalState.update(lastModelKey, model);
}

async function list({ holder, log }: Services, refresh: boolean): Promise<{ readonly models: readonly ModelInfo[]; readonly problem: string }> {
  const { models, problems } = await holder.use(async ({ models: registry }) => ({ models: await registry.list({ refresh }), problems: registry.problems }));
  for (const { provider, error } of problems) log.warn(`The models of ${provider} could not be listed: ${error.message}`);
  return { models, problem: problems.map(({ error }) => error.message).join(' ') };
}

function choice(info: ModelInfo): ModelChoice {
  return { id: info.id, label: info.label, abilities: abilitiesOf(info), pictures: info.images !== false, none: false };
}

function settingsOf({ workspace }: Services): vscode.WorkspaceConfiguration {
  const folder = workspace();
  return configuration(folder === undefined ? undefined : vscode.Uri.file(folder));
}

function presetOf(services: Services): string | undefined {
  const preset = settingsOf(services).get<string>('models.default', '').trim();
  return preset === '' ? undefined : preset;
}
