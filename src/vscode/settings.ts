import { isAbsolute } from 'node:path';
import * as vscode from 'vscode';
import type { McpConfiguration } from '../mcp/mcp-config.ts';
import type { RuntimeSettings } from '../runtime.ts';
import { AssassinError } from '../shared/errors.ts';
import type { BudgetLimits, DecisionEffect } from '../shared/events.ts';
import { extensionName } from './names.ts';

/** Sections of which a change makes another runtime. MCP servers are configured anew while it runs, and lenses do not concern it. */
const runtimeSections = ['browser', 'dataDirectory', 'budget', 'retention', 'rules', 'runs', 'sandbox'];
const budgetKinds = ['wallMs', 'steps', 'moneyUsd', 'tokens', 'browserSeconds', 'egressBytes'] as const satisfies readonly (keyof BudgetLimits)[];

export function concernsRuntime(event: vscode.ConfigurationChangeEvent): boolean {
  return runtimeSections.some((section) => event.affectsConfiguration(`${extensionName}.${section}`));
}

export function configuration(folder: vscode.Uri | undefined): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(extensionName, folder);
}

/** What a person has set, and nothing else: each default is written once, where it is obeyed. */
function chosen<T>(from: vscode.WorkspaceConfiguration, name: string): T | undefined {
  const value = from.inspect<T>(name);
  const isSet = (value?.workspaceFolderValue ?? value?.workspaceValue ?? value?.globalValue) !== undefined;
  // `get` leaves out what an untrusted workspace sets, where `inspect` still shows it.
  return isSet ? from.get<T>(name) : undefined;
}

/** The runtime's settings from the editor's. Throws `invalid-config` naming the setting. */
export function runtimeSettings(from: vscode.WorkspaceConfiguration, mcp: McpConfiguration, defaults: RuntimeSettings): RuntimeSettings {
  const browserPath = absolute('browser.path', chosen(from, 'browser.path'));
  const engine = chosen<RuntimeSettings['sandboxEngine']>(from, 'sandbox.engine');
  const memoryMb = chosen<number>(from, 'sandbox.memoryMb');
  const cpuMs = chosen<number>(from, 'sandbox.cpuMs');
  return {
    ...(browserPath === undefined ? {} : { browserPath }),
    rules: rules(from),
    budget: Object.fromEntries(budgetKinds.map((kind) => [kind, chosen<number>(from, `budget.${kind}`)] as const).filter(([, value]) => value !== undefined)),
    sandboxLimits: { ...(memoryMb === undefined ? {} : { memoryBytes: memoryMb * 1024 * 1024 }), ...(cpuMs === undefined ? {} : { cpuMs }) },
    ...(engine === undefined ? {} : { sandboxEngine: engine }),
    mcpServers: mcp.servers,
    maxConcurrentRuns: chosen<number>(from, 'runs.maxConcurrent') ?? defaults.maxConcurrentRuns,
    retention: {
      maxRuns: chosen<number>(from, 'retention.maxRuns') ?? defaults.retention.maxRuns,
      maxAgeDays: chosen<number>(from, 'retention.maxAgeDays') ?? defaults.retention.maxAgeDays,
    },
  };
}

/** Where the record of runs lies, if a person has set it. Throws `invalid-config`. */
export function chosenDataDirectory(from: vscode.WorkspaceConfiguration): string | undefined {
  return absolute('dataDirectory', chosen(from, 'dataDirectory'));
}

function absolute(name: string, path: string | undefined): string | undefined {
  const trimmed = path?.trim();
  if (trimmed === undefined || trimmed === '') return undefined;
  if (isAbsolute(trimmed)) return trimmed;
  throw new AssassinError('invalid-config', vscode.l10n.t('The setting {0} is not an absolute path: {1}', `${extensionName}.${name}`, trimmed), {
    hint: vscode.l10n.t('Write the whole path, or leave the setting empty.'), data: { setting: `${extensionName}.${name}` },
  });
}

interface WrittenRule {
  readonly effect: DecisionEffect;
  readonly grant: string;
}

/** The rules of all levels together. The editor's own way, where a workspace's list replaces the user's, would let a folder drop a deny rule. */
function rules(from: vscode.WorkspaceConfiguration): RuntimeSettings['rules'] {
  const value = from.inspect<readonly WrittenRule[]>('rules');
  const levels = [
    { origin: vscode.l10n.t('user settings'), list: value?.globalValue },
    ...(vscode.workspace.isTrusted ? [{ origin: vscode.l10n.t('workspace settings'), list: value?.workspaceValue }, { origin: vscode.l10n.t('folder settings'), list: value?.workspaceFolderValue }] : []),
  ];
  return levels.flatMap(({ origin, list }) => (Array.isArray(list) ? list.map((rule: unknown, index) => checkedRule(rule, index, origin)) : []));
}

function checkedRule(rule: unknown, index: number, origin: string): RuntimeSettings['rules'][number] {
  const { effect, grant } = (typeof rule === 'object' && rule !== null ? rule : {}) as Partial<WrittenRule>;
  if ((effect === 'allow' || effect === 'ask' || effect === 'deny') && typeof grant === 'string') return { effect, grant, origin };
  // Left out in silence, a mistyped deny rule would allow what it forbids.
  throw new AssassinError('invalid-config', vscode.l10n.t('Rule {0} of {1} ({2}) is not a rule.', index + 1, `${extensionName}.rules`, origin), {
    hint: vscode.l10n.t('Write {0}.', '{ "effect": "deny", "grant": "net https://example.com" }'), data: { setting: `${extensionName}.rules` },
  });
}
