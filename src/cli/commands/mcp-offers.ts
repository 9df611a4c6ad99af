import type { Command } from 'commander';
import { startIcons } from '../../fetch-icons.ts';
import type { McpConnection } from '../../mcp/mcp-connection.ts';
import { AssassinError } from '../../shared/errors.ts';
import type { JsonObject } from '../../shared/json.ts';
import { collect, parseSeconds } from '../arguments.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { openRuntime } from '../open-runtime.ts';
import { ServerWait } from '../server-wait.ts';
import { clip, oneLine } from '../text.ts';
import { renderTable } from '../views/table.ts';
import { runInContext, withRunFlags, type RunOptions } from './run.ts';

/** What servers have beside tools. Looking at lists starts the server for a moment; reading is a run with exactly that grant. */
export function addMcpOfferCommands(mcp: Command, context: CliContext): void {
  mcp.command('resources <server>').description('list the resources and templates of a server').action((server: string, options: CommonOptions) => resources(context, server, options));
  mcp.command('prompts <server>').description('list the prompts of a server with their arguments').action((server: string, options: CommonOptions) => prompts(context, server, options));
  withRunFlags(mcp.command('read <server> <uri>'))
    .description('read one resource, recorded as a run that is granted exactly this')
    .action(async (server: string, uri: string, options: RunOptions) => {
      await runAt(context, options, 'resources/read', 'resources.read', { server, uri });
    });
  mcp.command('skills <server>').description('list the skills that a server publishes').action((server: string, options: CommonOptions) => skills(context, server, options));
  withRunFlags(mcp.command('skill <server> <uri> [file]'))
    .description('read one file of a skill, its SKILL.md where none is named, once it is found to be the one of the list; a run that is granted exactly this')
    .action(async (server: string, skill: string, file: string | undefined, options: RunOptions) => {
      await runAt(context, options, 'skills/read', 'skills.read', { server, skill, ...(file === undefined ? {} : { file }) });
    });
  withRunFlags(mcp.command('icons <server>'))
    .description('fetch the icons that its tools name by an address; each host is asked about, or granted with --allow "net https://HOST"')
    .action(async (server: string, options: RunOptions) => {
      context.exit(await runInContext(context, options, (runtime, start) => {
        runtime.mcp.requireConfigured(server);
        return startIcons(runtime, server, { ...start, askUngranted: true });
      }));
    });
  withRunFlags(mcp.command('changed <server> <uri>'))
    .description('wait until a server says that a resource has changed: true, or false where it has not within the time')
    .option('--within <seconds>', 'how long to wait, at most 600', '60')
    .action(async (server: string, uri: string, options: RunOptions & { readonly within: string }) => {
      await runAt(context, options, 'resources/subscribe', 'resources.changed', { server, uri, timeoutMs: parseSeconds('--within', options.within, 600) });
    });
  withRunFlags(mcp.command('complete <server> <prompt> <argument> [value]'))
    .description('list the values with which an argument of a prompt could go on')
    .option('--arg <name=value>', 'what is filled in already (repeatable)', collect, [])
    .action(async (server: string, prompt: string, argument: string, value: string | undefined, options: RunOptions & { readonly arg: readonly string[] }) => {
      await runAt(context, options, 'completion/complete', 'prompts.complete', { server, prompt, argument, value: value ?? '', filled: argumentsOf(options.arg) });
    });
  withRunFlags(mcp.command('prompt <server> <name>'))
    .description('fill in a prompt and print its messages, recorded as a run that is granted exactly this')
    .option('--arg <name=value>', 'value of an argument of the prompt (repeatable)', collect, [])
    .action(async (server: string, name: string, options: RunOptions & { readonly arg: readonly string[] }) => {
      const input = { server, prompt: name, arguments: argumentsOf(options.arg) };
      await runAt(context, options, 'prompts/get', 'prompts.get', input);
    });
}

/** A run of one tool that is granted exactly this one method of its server, beside what the person allows. */
async function runAt(context: CliContext, options: RunOptions, method: string, tool: string, input: JsonObject & { readonly server: string }): Promise<void> {
  const own: RunOptions = { ...options, allow: [...options.allow, `mcp ${input.server}:${method}`] };
  context.exit(await runInContext(context, own, (runtime, start) => {
    // A slip in the name is no failure of a run.
    runtime.mcp.requireConfigured(input.server);
    return runtime.startTool(tool, input, start);
  }));
}

/** Throws `invalid-input` for what is no pair. */
function argumentsOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new AssassinError('invalid-input', `"${pair}" is no argument.`, { hint: 'Write --arg NAME=VALUE.' });
    return [pair.slice(0, at), pair.slice(at + 1)];
  }));
}

/** Starts the server for a moment. Throws `cancelled` where it was interrupted. */
async function look<T>(context: CliContext, server: string, options: CommonOptions, work: (connection: McpConnection) => Promise<T>): Promise<T> {
  await using opened = await openRuntime(context, options);
  using wait = new ServerWait(context, opened.runtime, options);
  return await wait.look(server, work);
}

async function resources(context: CliContext, server: string, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  const found = await look(context, server, options, async ({ offers }) => ({ resources: await offers.resources(), templates: await offers.templates() }));
  if (options.json === true) {
    terminal.json({ server, ...found });
    return;
  }
  const rows = [
    ...found.resources.map(({ uri, mimeType = '', title, name, description }) => [oneLine(uri), oneLine(mimeType), clip(oneLine(description ?? title ?? name), 200)]),
    ...found.templates.map(({ uriTemplate, mimeType = '', title, name, description }) => [oneLine(uriTemplate), oneLine(mimeType), clip(oneLine(description ?? title ?? name), 200)]),
  ];
  if (rows.length === 0) terminal.note(`${server} offers no resources.`);
  else terminal.result(...renderTable([{ title: 'address', whole: true }, { title: 'type' }, { title: 'what it is', min: 20 }], rows, terminal.width));
}

async function prompts(context: CliContext, server: string, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  const found = await look(context, server, options, ({ offers }) => offers.prompts());
  if (options.json === true) {
    terminal.json({ server, prompts: found });
    return;
  }
  const rows = found.map(({ name, title, description, arguments: args = [] }) => [
    oneLine(name), args.map((each) => oneLine(each.required === true ? each.name : `[${each.name}]`)).join(' '), clip(oneLine(description ?? title ?? ''), 200),
  ]);
  if (rows.length === 0) terminal.note(`${server} offers no prompts.`);
  else terminal.result(...renderTable([{ title: 'prompt', whole: true }, { title: 'arguments' }, { title: 'what it does', min: 20 }], rows, terminal.width));
}

async function skills(context: CliContext, server: string, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  const found = await look(context, server, options, ({ offers }) => offers.skills());
  if (options.json === true) {
    terminal.json({ server, skills: found });
    return;
  }
  const rows = found.map(({ uri, frontmatter: { name, description } }) => [oneLine(name), oneLine(uri), clip(oneLine(description), 200)]);
  if (rows.length === 0) terminal.note(`${server} publishes no skills.`);
  else terminal.result(...renderTable([{ title: 'skill' }, { title: 'address', whole: true }, { title: 'what it is for', min: 20 }], rows, terminal.width));
}
