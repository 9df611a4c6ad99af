import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AssassinError } from '../../shared/errors.ts';
import { collect } from '../arguments.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { agree, planLines, requireAnswer, writePlan, type PlanOptions } from '../mcp-plans.ts';
import { openRuntime, workspaceOf } from '../open-runtime.ts';

interface BundleOptions extends CommonOptions, PlanOptions {
  readonly set: readonly string[];
  readonly dry?: boolean;
}

export function addBundleCommand(mcp: Command, context: CliContext): void {
  mcp.command('bundle <file>').description('unpack a .mcpb bundle and add its server to .vscode/mcp.json, after a look at its whole command')
    .option('--set <key=value>', 'a value that the bundle takes (repeatable); what is not given and needed is asked for when the server starts', collect, [])
    .option('--as <name>', 'under another name')
    .option('--dry', 'only show the command')
    .option('--yes', 'do not ask: I have read the command')
    .action((file: string, options: BundleOptions) => bundle(context, file, options));
}

async function bundle(context: CliContext, file: string, { set, dry = false, ...options }: BundleOptions): Promise<void> {
  const given = setValues(set);
  await using opened = await openRuntime(context, options);
  const { mcpCatalog } = opened.runtime;
  const path = resolve(context.cwd, file);
  if (!dry) {
    const plan = await mcpCatalog.addBundle(path, { given, confirm: async (shown) => {
      requireAnswer(context, options);
      return await agree(context, shown, options);
    } });
    writePlan(context, workspaceOf(context, options), plan, options);
    return;
  }
  let shown = false;
  await mcpCatalog.addBundle(path, { given, confirm: (plan) => {
    shown = true;
    if (options.json === true) context.terminal.json({ ...plan, written: false });
    else context.terminal.result(...planLines(plan));
    return Promise.resolve(false);
  } }).catch((error: unknown) => {
    // Declined by ourselves: nothing of it is kept.
    if (!shown) throw error;
  });
}

/** `KEY=VALUE` pairs by key, in their order. Throws `invalid-input`. */
export function setValues(pairs: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const values = new Map<string, string[]>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw new AssassinError('invalid-input', `"${pair}" is no value.`, { hint: 'Write --set KEY=VALUE.' });
    values.set(pair.slice(0, at), [...(values.get(pair.slice(0, at)) ?? []), pair.slice(at + 1)]);
  }
  return Object.fromEntries(values);
}
