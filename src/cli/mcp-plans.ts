import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { InstallPlan } from '../mcp/catalog/install-plan.ts';
import { addToConfig } from '../mcp/import/add-to-config.ts';
import { vscodeMcpFile } from '../mcp/mcp-config-files.ts';
import { isServerName } from '../mcp/server-name.ts';
import { visible } from '../mcp/trust/hidden-characters.ts';
import { AssassinError } from '../shared/errors.ts';
import type { CliContext } from './cli-context.ts';
import { confirm } from './confirm.ts';
import { inputVariable } from './mcp-inputs.ts';

export interface PlanOptions {
  readonly as?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Throws `invalid-input` where nobody could be asked whether a server may be added. */
export function requireAnswer({ terminal }: CliContext, { yes = false }: PlanOptions): void {
  if (!yes && !terminal.canAsk) throw new AssassinError('invalid-input', 'Nobody can be asked whether the server may be added.', { hint: 'Look at the command with "mcp catalog show" or "mcp bundle --dry", and add --yes where it is meant.' });
}

/** Shows the whole command with what is dangerous about it, and asks. */
export async function agree(context: CliContext, plan: InstallPlan, { yes = false }: PlanOptions): Promise<boolean> {
  for (const line of planLines(plan)) context.terminal.note(line);
  return yes || (await confirm(context.terminal, 'This program will run with your rights when a run needs it. Add it?'));
}

/** Everything of a plan, nothing cut off and nothing hidden. */
export function planLines({ name, entry, command, dangers, notes, inputs }: InstallPlan): readonly string[] {
  return [
    `${name} ${entry.type === 'stdio' ? 'starts' : 'is reached at'}:`, ...visible(command).split('\n').map((line) => `  ${line}`),
    ...dangers.map(({ part, why }) => `  ! ${visible(part)} ${why}.`),
    ...inputs.map(({ id, description = id, password, options }) => `  It asks for ${visible(description)}${options === undefined ? '' : ` (one of ${options.map(visible).join(', ')})`}${password ? ' (secret)' : ''}: ${inputVariable(id)}`),
    ...notes.map((note) => `  ${visible(note)}.`),
  ];
}

/** Writes the server into the workspace's file, and says so. Throws `invalid-config` where it has one of that name. */
export function writePlan({ terminal }: CliContext, workspace: string, plan: InstallPlan, { as, json }: PlanOptions): void {
  const name = as ?? plan.name;
  if (!isServerName(name)) throw new AssassinError('invalid-input', `"${name}" cannot be the name of a server.`, { hint: 'Use letters, digits, - and _, beginning with a letter.' });
  const file = join(workspace, vscodeMcpFile);
  const text = addToConfig(textOf(file), vscodeMcpFile, name, plan.entry, plan.inputs);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const variables = plan.inputs.map(({ id }) => inputVariable(id));
  if (json === true) terminal.json({ ...plan, name, variables, written: vscodeMcpFile });
  else {
    terminal.result(`${name} was added to ${vscodeMcpFile}.`);
    if (variables.length > 0) terminal.note(`Set ${variables.join(' and ')} in the environment; in the editor you are asked.`);
  }
}

/** The text of a file, empty where there is none. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw new AssassinError('invalid-config', `${file} could not be read.`, { hint: 'Check that it is a file that you may read.', cause: error });
  }
}
