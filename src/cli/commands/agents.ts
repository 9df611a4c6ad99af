import { Option, type Command } from 'commander';
import { agentFolder, isBrokenAgent } from '../../agent/team/agent-definition.ts';
import { patternProblems } from '../../agent/team/pattern-problems.ts';
import { agentTemplates } from '../../agent/team/agent-templates.ts';
import { AssassinError } from '../../shared/errors.ts';
import { pathExists, writeText } from '../../workspace/files.ts';
import { resolvePath } from '../../workspace/paths.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { openRuntime } from '../open-runtime.ts';
import { oneLine } from '../text.ts';
import { renderError } from '../views/run-report.ts';
import { renderTable } from '../views/table.ts';

interface NewOptions extends CommonOptions {
  readonly template: string;
}

const noAgents = `There are no agents yet. An agent is an .md file in ${agentFolder}; "agents new NAME" writes one.`;

export function addAgentsCommands(program: Command, context: CliContext): void {
  const agents = program.command('agents').description('agents of the workspace: who they are, what they may use');
  agents.command('list').description(`what is in ${agentFolder}`).action((options: CommonOptions) => list(context, options));
  agents.command('check').description('read all of them; names file, line and field of each problem').action((options: CommonOptions) => check(context, options));
  agents.command('new <name>').description('write a new agent to begin from')
    .addOption(new Option('--template <name>', 'what to begin with').choices(agentTemplates.map(({ id }) => id)).default('reviewer'))
    .action((name: string, options: NewOptions) => create(context, name, options));
}

async function list(context: CliContext, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  await using opened = await openRuntime(context, options);
  const agents = await opened.runtime.team.list();
  if (options.json) return terminal.json({ agents });
  if (agents.length === 0) return terminal.note(noAgents);
  const rows = agents.map((agent) => (isBrokenAgent(agent) ? [oneLine(agent.name), `broken: ${oneLine(agent.problems[0].message)}`, '', ''] : [oneLine(agent.name), oneLine(agent.description), agent.pattern?.kind ?? agent.model ?? '', agent.grants.join(', ')]));
  terminal.result(...renderTable([{ title: 'agent', whole: true }, { title: 'what it does', min: 20 }, { title: 'works with' }, { title: 'grants' }], rows, terminal.width));
}

async function check(context: CliContext, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  await using opened = await openRuntime(context, options);
  const agents = await opened.runtime.team.list();
  const problems = [...agents.flatMap((agent) => (isBrokenAgent(agent) ? agent.problems : [])), ...patternProblems(agents)];
  if (options.json) terminal.json({ ok: problems.length === 0, problems });
  else if (problems.length === 0) terminal.note(agents.length === 0 ? noAgents : 'All agents can be used.');
  else for (const problem of problems) terminal.result(...renderError(problem, terminal.style, terminal.width));
  context.exit(problems.length === 0 ? exitCodes.done : exitCodes.usage);
}

async function create(context: CliContext, name: string, options: NewOptions): Promise<void> {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) throw new AssassinError('invalid-input', `"${name}" is not a name for an agent.`, { hint: 'Use small letters, digits and single hyphens, such as "reviewer".' });
  await using opened = await openRuntime(context, options);
  const path = `${agentFolder}/${name}.md`;
  const file = await resolvePath(opened.runtime.workspace, path);
  if (!file.inside) throw new AssassinError('invalid-input', `${path} leads out of the workspace.`, { hint: 'Remove the link.' });
  if (await pathExists(file)) throw new AssassinError('invalid-input', `There is an agent ${path} already.`, { hint: 'Give another name.' });
  const template = agentTemplates.find(({ id }) => id === options.template);
  if (template === undefined) throw new AssassinError('invalid-input', `There is no template "${options.template}".`);
  await writeText(file, template.text);
  if (options.json) context.terminal.json({ path });
  else context.terminal.note(`Wrote ${path}. Say in it who the agent is, then "task --agent ${name} ..." lets it work.`);
}
