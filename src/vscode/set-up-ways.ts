import * as vscode from 'vscode';
import type { SetupWay } from '../shared/setup-ways.ts';
import { commandId, extensionName } from './names.ts';
import { openSetting } from './setting-command.ts';

/** What the editor calls its own way to sign in to Copilot; forks may not have it. */
const signInCommand = 'workbench.action.chat.triggerSetup';

/** Leads to where what is missing can be had. `setting`: the one that is wrong, where one is. */
export async function goTo(way: SetupWay, setting: string = extensionName): Promise<void> {
  switch (way) {
    case 'copilot':
      if ((await vscode.commands.getCommands(true)).includes(signInCommand)) await vscode.commands.executeCommand(signInCommand);
      else await vscode.env.openExternal(vscode.Uri.parse('https://code.visualstudio.com/docs/copilot/setup'));
      break;
    case 'ollama':
      await vscode.env.openExternal(vscode.Uri.parse('https://ollama.com/download'));
      break;
    case 'provider':
      await vscode.commands.executeCommand(commandId('setModelKey'));
      break;
    case 'trust':
      await vscode.commands.executeCommand('workbench.trust.manage');
      break;
    case 'folder':
      await vscode.commands.executeCommand('vscode.openFolder');
      break;
    case 'browser':
      await vscode.commands.executeCommand(commandId('downloadBrowser'));
      break;
    case 'browserPath':
      await vscode.commands.executeCommand('workbench.action.openSettings', `${extensionName}.browser.path`);
      break;
    case 'budget':
      await vscode.commands.executeCommand('workbench.action.openSettings', `${extensionName}.budget`);
      break;
    case 'settings':
      await openSetting(setting);
      break;
  }
}

export function labelOf(way: SetupWay): string {
  switch (way) {
    case 'copilot':
      return vscode.l10n.t('Sign in to Copilot');
    case 'ollama':
      return vscode.l10n.t('Install Ollama');
    case 'provider':
      return vscode.l10n.t('Add a provider');
    case 'trust':
      return vscode.l10n.t('Manage workspace trust');
    case 'folder':
      return vscode.l10n.t('Open folder…');
    case 'browser':
      return vscode.l10n.t('Download a browser…');
    case 'browserPath':
    case 'budget':
    case 'settings':
      return vscode.l10n.t('Open settings');
  }
}
