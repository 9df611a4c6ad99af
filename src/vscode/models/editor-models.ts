import * as vscode from 'vscode';
import type { ModelInfo } from '../../models/model-client.ts';
import type { ModelSource } from '../../models/model-registry.ts';
import { AssassinError } from '../../shared/errors.ts';
import { takesPictures } from './editor-messages.ts';
import { EditorModelClient } from './editor-model-client.ts';

/** No provider of the settings can have this name. */
export const editorProvider = 'vscode';

/** Extensions that bring models are started by the question, and may wait for a sign-in that nobody does. */
const listMs = 10_000;

/** The models that are signed in to the editor, such as Copilot's, and those that other extensions bring. They are unpriced: a plan is paid, not a request. */
export const editorModels: ModelSource = {
  name: editorProvider,
  list: async () => (await chatModels()).map(({ info }) => info),
  client: async (id) => {
    const models = await chatModels();
    const found = models.find(({ info }) => info.id === id) ?? models.find(({ model }) => familyId(model) === id);
    if (found) return new EditorModelClient({ ...found.info, id, model: id.slice(editorProvider.length + 1) }, found.model);
    throw new AssassinError('model-refused', `The editor has no model ${id.slice(editorProvider.length + 1)}.`, {
      hint: models.length === 0 ? 'Sign in to GitHub Copilot, or choose a model of another provider.' : `Choose one of ${models.slice(0, 10).map(({ info }) => info.id).join(', ')}.`,
    });
  },
};

interface EditorModel {
  readonly info: ModelInfo;
  readonly model: vscode.LanguageModelChat;
}

async function chatModels(): Promise<readonly EditorModel[]> {
  // Forks of the editor leave this part out.
  const select: typeof vscode.lm.selectChatModels | undefined = 'lm' in vscode ? vscode.lm.selectChatModels : undefined;
  if (select === undefined) return [];
  const models = await within(listMs, select());
  const families = models.map(familyId);
  return models.map((model, index) => {
    const own = families[index] ?? '';
    const id = families.filter((family) => family === own).length > 1 ? `${editorProvider}/${model.vendor}/${model.id}` : own;
    return { model, info: infoOf(id, model) };
  });
}

/** Stays the same over versions of a model, so that what was chosen once is found again. */
function familyId({ vendor, family, id }: vscode.LanguageModelChat): string {
  return `${editorProvider}/${vendor}/${family === '' ? id : family}`;
}

function infoOf(id: string, model: vscode.LanguageModelChat): ModelInfo {
  const tools = ability(model, 'supportsToolCalling');
  // An editor that tells nothing is one that passes no pictures on.
  const images = takesPictures() && ability(model, 'supportsImageToText') !== false;
  return {
    id, provider: editorProvider, model: id.slice(editorProvider.length + 1), label: model.name === '' ? id : model.name, images,
    ...(model.maxInputTokens > 0 ? { contextTokens: model.maxInputTokens } : {}), ...(tools === undefined ? {} : { tools }),
  };
}

/** Editors newer than the oldest that is supported tell. */
function ability(model: object, name: string): boolean | undefined {
  const capabilities: unknown = 'capabilities' in model ? model.capabilities : undefined;
  const can: unknown = typeof capabilities === 'object' && capabilities !== null ? Reflect.get(capabilities, name) : undefined;
  return typeof can === 'boolean' ? can : undefined;
}

async function within<T>(ms: number, work: Thenable<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AssassinError('model-unavailable', `The editor did not list its models within ${ms} ms.`, { hint: 'Try again, or choose a model of another provider.' })), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
