import type { Command } from 'commander';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { openRuntime } from '../open-runtime.ts';
import { secretVariable } from '../../policy/secret-references.ts';

interface FreezeOptions extends CommonOptions {
  readonly name?: string;
}

export function addBrowserFreezeCommand(browser: Command, context: CliContext): void {
  browser.command('freeze <run>').description('save what a run did with pages as a chain that needs no model: roles and names as selectors, texts as inputs, secrets by name')
    .option('--name <name>', 'name of the chain (default: from the run)')
    .action(async (run: string, options: FreezeOptions) => {
      const { terminal } = context;
      await using opened = await openRuntime(context, options);
      const { path, grants, inputs, secrets = [] } = await opened.runtime.freeze(run, options.name, { pages: true });
      if (options.json === true) return terminal.json({ path, grants, inputs, secrets });
      terminal.note(`Saved as ${path}. Its grants: ${grants.join(', ') || 'none'}. Its input: ${inputs.map(({ name, value }) => `${name} (${JSON.stringify(value)})`).join(', ') || 'none'}.`);
      for (const secret of secrets) terminal.note(`It needs the secret "${secret}": set the environment variable ${secretVariable(secret)}.`);
    });
}
