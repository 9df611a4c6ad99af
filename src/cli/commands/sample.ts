import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { AssassinError } from '../../shared/errors.ts';
import type { CliContext } from '../cli-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { runInContext, startingChain, withRunFlags, type RunOptions } from './run.ts';

/** What `examples/shop-site/server.mjs` offers. It is loaded when it is needed, because it is an example and no part of the product. */
interface ShopSite {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const chain = 'shop-report';

export function addSampleCommand(program: Command, context: CliContext): void {
  withRunFlags(program.command('sample'))
    .description('run the bundled example: crawl a small shop on this computer and write a report')
    .action(async (options: RunOptions) => {
      const example = new URL('../examples/shop-report/', context.distDirectory);
      const server = new URL('../examples/shop-site/server.mjs', context.distDirectory);
      if (!existsSync(example) || !existsSync(server)) {
        throw new AssassinError('file-not-found', 'The example is not here: it belongs to the source code of this program.', { hint: 'Clone the repository and run "npm start", or run a chain of your own with "run CHAIN".' });
      }
      const { startShopSite } = (await import(server.href)) as { readonly startShopSite: () => Promise<ShopSite> };
      const site = await startShopSite();
      let exitCode: number;
      try {
        context.terminal.note(`The shop is open at ${site.url}.`);
        const inExample = { workspace: fileURLToPath(example), ...options, allow: [...options.allow, `net ${site.url}`] };
        exitCode = await runInContext(context, inExample, startingChain(chain, { url: site.url }));
      } finally {
        await site.close();
      }
      const closed = await refuses(site.port);
      context.terminal.note(closed ? `The shop is closed: nothing answers on port ${site.port} any more.` : `The shop could not be closed: port ${site.port} still answers.`);
      context.exit(closed || exitCode !== exitCodes.done ? exitCode : exitCodes.leftovers);
    });
}

function refuses(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}
