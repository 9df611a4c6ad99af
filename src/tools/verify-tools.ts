import { stat } from 'node:fs/promises';
import * as z from 'zod';
import { netAction } from '../policy/action.ts';
import { isLoopbackName } from '../policy/egress.ts';
import { AssassinError } from '../shared/errors.ts';
import { resolvePath } from '../workspace/paths.ts';
import { CommandProcess } from './command-process.ts';
import { addressOf, answers } from './dev-server.ts';
import { checks } from './page-checks.ts';
import { url } from './page-inputs.ts';
import type { PageToolOptions } from './page-tool-options.ts';
import type { RunBrowsers } from './run-browsers.ts';
import { defineTool, type Tool, type ToolContext } from './tool.ts';
import { impacts, verifyPage, type VerifyOptions } from './verify-page.ts';

const effects = { readOnly: true, openWorld: true, untrustedOutput: true };
const size = z.number().int().min(100).max(4096);
const options = {
  checks: checks.default([]).describe('Steps in their order, each waited for.'),
  accessibility: z.enum(['off', ...impacts]).default('serious').describe('From which impact on a violation of accessibility fails it.'),
  allowErrors: z.boolean().default(false).describe('Errors of console and network are told but fail nothing.'),
  viewport: z.object({ width: size, height: size }).optional(),
  timeoutMs: z.number().int().min(1).max(600_000).default(15_000).describe('Milliseconds for each step. Default 15,000.'),
};
/** Of what a server printed, in its result. */
const outputCharacters = 4000;

/** A program that serves on this machine may be looked at there: whoever lets it run with all their rights has let it do more than that. */
function isOfThisMachine(address: string): boolean {
  const { host } = netAction(new URL(address));
  return isLoopbackName(host) || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Checks of pages: by address, or of a script that serves one. */
export function verifyTools(browsers: RunBrowsers, { axe }: PageToolOptions): readonly Tool[] {
  const verify = async ({ viewport, ...rest }: VerifyOptions & { readonly viewport?: { readonly width: number; readonly height: number } | undefined }, context: ToolContext) => {
    const browser = browsers.of(context.scope);
    const page = await browser.openPage(viewport);
    try {
      page.approve(netAction(new URL(rest.url)));
      return await verifyPage(page, rest, context, axe);
    } finally {
      await browser.close(page.id).catch(() => undefined);
    }
  };
  const folders = new WeakMap<ToolContext, string>();
  return [
    defineTool({
      name: 'browser.verify', title: 'Check a page', kind: 'browser', effects,
      description: 'Opens an address in the throwaway browser and checks it: your steps, errors of console and network, and accessibility (axe-core). Gives passed, each step, screenshots and all findings. What does not hold is a result, not a failure.',
      input: z.object({ url, ...options }),
      actions: ({ url }) => [{ kind: 'browser' }, netAction(new URL(url))],
      run: verify,
    }),
    defineTool({
      name: 'browser.verifyServer', title: 'Check a development server', kind: 'browser', effects: { ...effects, readOnly: false },
      description: 'Starts a development server, waits until it answers at the address that it prints (or at url), checks the page there as browser.verify does, and ends the server.',
      input: z.object({
        argv: z.array(z.string().max(32_768)).min(1).max(100).describe('The program that serves, for example ["npm", "run", "dev"].'), cwd: z.string().min(1).max(4096).default('.'),
        url: url.optional(), path: z.string().max(2000).default('').describe('Added to the printed address, for example "/login".'), startMs: z.number().int().min(100).max(600_000).default(60_000), ...options,
      }),
      actions: async ({ argv, cwd }, context) => {
        const folder = await resolvePath(context.scope.workspace, cwd);
        if (!folder.inside || !(await stat(folder.path).catch(() => undefined))?.isDirectory()) throw new AssassinError('invalid-input', `${folder.shown} is not a folder of the workspace.`, { hint: 'Give a folder of the workspace as cwd.' });
        folders.set(context, folder.path);
        // The rest is part of that, and has no question of its own where it stays on this machine.
        return [{ kind: 'exec', argv, cwd: folder.path }];
      },
      run: async ({ argv, cwd: _cwd, url, path, startMs, ...rest }, context) => {
        const { scope, step } = context;
        const { gate } = scope;
        const command = argv.join(' ').slice(0, 200);
        const serving = { kind: 'exec', argv, cwd: folders.get(context)! } as const;
        const look = (at: string) => gate.check(netAction(new URL(at)), step, { tool: 'browser.verifyServer', ...(isOfThisMachine(at) ? { partOf: serving } : {}) });
        await gate.check({ kind: 'browser' }, step, { tool: 'browser.verifyServer', partOf: serving });
        if (url !== undefined) await look(url);
        // What answers there now is not what is about to be started, and would be checked in its place.
        if (url !== undefined && (await answers(url))) throw new AssassinError('tool-failed', `Something answers at ${new URL(url).origin} already.`, { hint: 'End that server first, or check it as it is with browser.verify.', data: { url } });
        scope.progress(`Starting ${command}`);
        const lease = await scope.lease({ kind: 'process', label: command }, (handle) => CommandProcess.start(argv, { cwd: serving.cwd, lease: handle }));
        try {
          const began = performance.now();
          const address = await addressOf(lease.resource, { given: url, startMs, signal: context.signal, progress: (message) => scope.progress(message) });
          const readyMs = Math.round(performance.now() - began);
          const target = path === '' ? address : new URL(path, address).href;
          if (url === undefined) await look(target);
          scope.progress(`Checking ${target}`);
          const result = await verify({ ...rest, url: target }, context).finally(() => gate.hasRead(netAction(new URL(target)), step));
          return { ...result, server: { command, readyMs, output: lease.resource.output.text().tail.slice(-outputCharacters) } };
        } finally {
          await lease.release();
        }
      },
    }),
  ];
}
