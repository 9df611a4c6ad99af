import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import type { Approver } from '../policy/approver.ts';
import { defaultSettings, type RuntimeOptions } from '../runtime-options.ts';
import { dataDirectory } from '../store/data-directory.ts';
import { chosenIn } from './chosen-settings.ts';
import { editorContext } from './context/editor-context.ts';
import { ripgrepPlaces } from './context/ripgrep-places.ts';
import { mcpInputsOf } from './mcp-inputs.ts';
import { EditorPerson } from './mcp-person.ts';
import { editorSignIn } from './mcp-sign-in.ts';
import { SecretStorageVault } from './mcp-sign-in-vault.ts';
import { editorModels } from './models/editor-models.ts';
import { ModelKeys } from './models/model-keys.ts';
import { modelProviders, providersSetting } from './models/model-providers.ts';
import { absolutePath, runtimeSettings, type SettingsSource } from '../runtime-settings.ts';
import { requireFolder } from './require-folder.ts';
import { runFolderUri } from './run-folder.ts';
import { rulePlaces, type RulePlaces } from './rule-places.ts';
import type { Services } from './services.ts';
import { configuration } from './settings.ts';
import { StoredSecrets } from './stored-secrets.ts';

/** What the runtime of this window is opened with. Throws `invalid-config` for settings that are wrong. */
export async function runtimeOptions(services: Pick<Services, 'context' | 'log' | 'mcpServers' | 'workspace'>, approver: Approver): Promise<RuntimeOptions> {
  const { context, log, mcpServers, workspace: folder } = services;
  const mcpInputs = mcpInputsOf(services);
  const workspace = requireFolder(folder());
  const source = sourceOf(configuration(runFolderUri()), await rulePlaces(context, workspace));
  const { servers } = await mcpServers.load();
  const keys = new ModelKeys(context);
  return {
    workspace, approver,
    dataDirectory: absolutePath(source, 'dataDirectory') ?? dataDirectory(),
    distDirectory: pathToFileURL(join(context.extensionPath, 'dist', sep)),
    settings: {
      ...runtimeSettings(source, workspace, defaultSettings), mcpServers: servers,
      modelProviders: modelProviders(source.chosen(providersSetting), (provider) => keys.get(provider)),
    },
    modelSources: [editorModels],
    editor: editorContext,
    trusted: () => vscode.workspace.isTrusted,
    ripgrep: ripgrepPlaces(vscode.env.appRoot),
    version: String((context.extension.packageJSON as { readonly version?: unknown }).version),
    mcpInput: (input, server) => mcpInputs.value(input, server),
    mcpPerson: new EditorPerson(),
    mcpSignIn: editorSignIn(context.extension.id),
    mcpVault: new SecretStorageVault(context.secrets),
    secret: (name) => new StoredSecrets(context).value(name),
    storeSecret: (name, value) => new StoredSecrets(context).store(name, value),
    log: (level, message) => log[level](message),
  };
}

function sourceOf(settings: vscode.WorkspaceConfiguration, places: RulePlaces): SettingsSource {
  return {
    chosen: chosenIn(settings),
    levels: (name) => {
      const { globalValue, workspaceValue, workspaceFolderValue } = settings.inspect<unknown>(name) ?? {};
      const all = [
        { origin: 'user settings', value: globalValue, places: places.user(globalValue) },
        ...(vscode.workspace.isTrusted ? [{ origin: 'workspace settings', value: workspaceValue, places: places.workspace(workspaceValue) }, { origin: 'folder settings', value: workspaceFolderValue, places: places.folder(workspaceFolderValue) }] : []),
      ];
      return all.filter(({ value }) => value !== undefined);
    },
  };
}
