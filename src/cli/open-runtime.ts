import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { allowLeaksVariable } from '../browser/browser-guard.ts';
import { browserMirrorVariable } from '../browser/browser-downloads.ts';
import { loadMcpServers, mergeConfigurations, readServerSettings } from '../mcp/mcp-config-files.ts';
import type { ConfigProblem } from '../mcp/mcp-config.ts';
import type { SignInDoor } from '../mcp/oauth/sign-in-door.ts';
import type { McpPerson } from '../mcp/requests/person.ts';
import { denyAll, type Approver } from '../policy/approver.ts';
import { secretVariable } from '../policy/secret-references.ts';
import type { Runtime } from '../runtime.ts';
import type { RuntimeSettings } from '../runtime-options.ts';
import { AssassinError, describeError, fromErrorInfo } from '../shared/errors.ts';
import { noteStart } from '../shared/start-times.ts';
import { dataDirectory } from '../store/data-directory.ts';
import type { CliContext, CommonOptions } from './cli-context.ts';
import { mcpInputFrom, mcpTokenFrom } from './mcp-inputs.ts';
import { modelHint, modelProviders } from './model-providers.ts';
import { sharedBudgetOf } from './shared-budget-flags.ts';
import { readUserSettings } from './user-settings.ts';
import { nobody } from './terminal-person.ts';
import { readWorkspaceSettings } from './workspace-settings.ts';

export interface OpenedRuntime extends AsyncDisposable {
  readonly runtime: Runtime;
  readonly mcpProblems: readonly ConfigProblem[];
  /** The model of tasks that name none, from the person's settings. */
  readonly defaultModel?: string;
}

export function workspaceOf({ cwd }: Pick<CliContext, 'cwd'>, { workspace }: CommonOptions): string {
  const folder = resolve(cwd, workspace ?? '.');
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return realpathSync(folder);
  throw new AssassinError('file-not-found', `There is no folder ${folder}.`, { hint: 'Give --workspace DIR with a folder that exists.' });
}

export function dataDirectoryOf({ cwd }: Pick<CliContext, 'cwd'>, { dataDir }: CommonOptions): string {
  // An unset variable of a script: the history would lie in whatever folder the command was called.
  if (dataDir === '') throw new AssassinError('invalid-input', '--data-dir is empty.', { hint: 'Give --data-dir DIR with a folder, or leave it out.' });
  return dataDir === undefined ? dataDirectory() : resolve(cwd, dataDir);
}

export interface OpenRuntimeOptions {
  /** Says nothing of what was wrong or left over. */
  readonly quiet?: boolean;
  /** Whom MCP servers may ask; where it is absent, every question is answered with no. */
  readonly person?: McpPerson;
  /** Who signs in at MCP servers. */
  readonly signIn?: SignInDoor;
}

/** Opens the runtime for a workspace with what its files configure, and tells what was wrong with them and what a killed run had left. */
export async function openRuntime(context: CliContext, options: CommonOptions, approver: Approver = denyAll, { quiet = false, person = nobody, signIn }: OpenRuntimeOptions = {}): Promise<OpenedRuntime> {
  const { terminal, distDirectory, version } = context;
  const workspace = workspaceOf(context, options);
  const own = await readUserSettings(dataDirectoryOf(context, options), workspace, context.env);
  const { mcpServers, rules } = await readWorkspaceSettings(workspace);
  const mcp = mergeConfigurations(readServerSettings(own.mcpServers, own.file), await loadMcpServers({ workspace, settings: mcpServers }));
  const { Runtime: Runtimes } = await import('../runtime.ts');
  // As of the start of the process.
  noteStart('command line ready', 0);
  const runtime = await Runtimes.open({
    workspace,
    dataDirectory: dataDirectoryOf(context, options),
    distDirectory,
    settings: { ...own.settings, ...sharedBudgetOf(options, own.settings.sharedBudget), rules: [...own.settings.rules, ...rules], mcpServers: mcp.servers, modelProviders: modelProviders(context.env, options.endpoint, own.providers), ...browserSettings(context) },
    version,
    modelHint,
    approver,
    mcpInput: mcpInputFrom(context),
    mcpPerson: person,
    ...(signIn === undefined ? {} : { mcpSignIn: signIn }),
    mcpToken: mcpTokenFrom(context.env),
    secret: (name) => Promise.resolve(context.env[secretVariable(name)]),
    log: (level, message) => {
      if (level === 'warn' || level === 'error') terminal.note(`${level === 'warn' ? 'warning' : 'error'}: ${message}`);
    },
  });
  if (!quiet) {
    for (const { error } of mcp.problems) terminal.note(`warning: ${describeError(fromErrorInfo(error))}`);
    noteSweep(runtime, context);
  }
  const watched = context.crashes?.add(runtime);
  return {
    runtime, mcpProblems: mcp.problems, ...(own.defaultModel === undefined ? {} : { defaultModel: own.defaultModel }),
    [Symbol.asyncDispose]: async () => {
      await runtime[Symbol.asyncDispose]();
      watched?.[Symbol.dispose]();
    },
  };
}

/** What the editor has settings for. */
function browserSettings({ env }: CliContext): Pick<RuntimeSettings, 'allowBrowserLeaks' | 'browserMirror'> {
  const mirror = env[browserMirrorVariable];
  return { ...(env[allowLeaksVariable] === '1' ? { allowBrowserLeaks: true } : {}), ...(mirror ? { browserMirror: mirror } : {}) };
}

function noteSweep({ swept: { interruptedRuns, leases } }: Runtime, { terminal }: CliContext): void {
  if (interruptedRuns.length > 0) terminal.note(`${interruptedRuns.length === 1 ? 'A run was' : `${interruptedRuns.length} runs were`} interrupted before: ${interruptedRuns.join(', ')}.`);
  for (const { label, verified, how } of leases) terminal.note(`${verified ? 'Swept' : 'Could not sweep'} what it left: ${label} (${how}).`);
}
