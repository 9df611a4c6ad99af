import * as vscode from 'vscode';
import { isBrokenAgent, type AgentDefinition, type BrokenAgent } from '../../agent/team/agent-definition.ts';
import { requireTrust } from '../launch.ts';
import { openLocation } from '../open-location.ts';
import type { Services } from '../services.ts';
import { newAgent } from './new-agent.ts';
import { runTask } from './run-task.ts';
import { taskOf } from './targets.ts';

/** Asks which agent is to work and what on, and shows the run. An agent whose file is wrong is opened where it is wrong. */
export async function runAgent(services: Services, target?: unknown): Promise<string | undefined> {
  requireTrust();
  const given = taskOf(target);
  if (given.agent !== undefined) return runTask(services, given);
  const chosen = await pick(await services.holder.use(({ team }) => team.list()));
  if (chosen === undefined) return undefined;
  if (chosen === 'new') {
    await newAgent(services);
    return undefined;
  }
  if (isBrokenAgent(chosen)) {
    await openLocation(chosen.problems[0].location, services.workspace());
    return undefined;
  }
  return runTask(services, { ...given, agent: chosen.name, ...(chosen.model === undefined ? {} : { model: chosen.model }) });
}

async function pick(agents: readonly (AgentDefinition | BrokenAgent)[]): Promise<AgentDefinition | BrokenAgent | 'new' | undefined> {
  const items = agents.map((agent) => (isBrokenAgent(agent)
    ? { label: `$(error) ${agent.name}`, detail: agent.problems[0].message, agent }
    : { label: `$(hubot) ${agent.name}`, ...(agent.pattern === undefined ? {} : { description: `${agent.pattern.kind}: ${agent.pattern.agents.join(', ')}` }), detail: agent.description, agent }));
  const create = { label: `$(add) ${vscode.l10n.t('New agent')}`, detail: vscode.l10n.t('Write one from a template'), agent: 'new' as const };
  return (await vscode.window.showQuickPick([...items, create], { title: vscode.l10n.t('Run a task with an agent: which one?'), matchOnDetail: true }))?.agent;
}
