import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { netAction } from '../policy/action.ts';
import { AssassinError } from '../shared/errors.ts';
import { resolvePath } from '../workspace/paths.ts';
import { CommandProcess } from './command-process.ts';
import { url } from './page-inputs.ts';
import type { PageToolOptions } from './page-tool-options.ts';
import type { RunBrowsers } from './run-browsers.ts';
import { defineTool, type Tool, type ToolContext } from './tool.ts';
import { check, impacts, verifyPage, type VerifyOptions } from './verify-page.ts';

const effects = { readOnly: true, openWorld: true, untrustedOutput: true };
const size = z.number().int().min(100).max(4096);
const options = {
  checks: z.array(check).max(200).default([]).describe('Steps in their order, each waited for.'),
  accessibility: z.enum(['off', ...impacts]).default('serious').describe('From which impact on a violation of accessibility fails it.'),
  allowErrors: z.boolean().default(false).describe('Errors of console and network are told but fail nothing.'),
  viewport: z.object({ width: size, height: size }).optional(),
  timeoutMs: z.number().int().min(1).max(600_000).default(15_000).describe('Milliseconds for each step. Default 15,000.'),
};
/** An address in what a development server prints. */
const printed = /\bhttps?:\/\/(?:localhost|127\.0\.0\.1|\[::1?\]|0\.0\.0\.0):\d{2,5}[^\s\u001b"')]*/;
const pollMs = 100;

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
      actions: async ({ argv, cwd, url }, context) => {
        const folder = await resolvePath(context.scope.workspace, cwd);
        if (!folder.inside || !(await stat(folder.path).catch(() => undefined))?.isDirectory()) throw new AssassinError('invalid-input', `${folder.shown} is not a folder of the workspace.`, { hint: 'Give a folder of the workspace as cwd.' });
        folders.set(context, folder.path);
        return [{ kind: 'exec', argv, cwd: folder.path }, { kind: 'browser' }, ...(url === undefined ? [] : [netAction(new URL(url))])];
      },
      run: async ({ argv, cwd: _cwd, url, path, startMs, ...rest }, context) => {
        const { scope, step } = context;
        const lease = await scope.lease({ kind: 'process', label: argv.join(' ').slice(0, 200) }, (handle) => CommandProcess.start(argv, folders.get(context)!, handle));
        try {
          scope.progress(`Waiting for ${argv.join(' ')}`);
          const address = await addressOf(lease.resource, url, startMs, context.signal);
          const target = path === '' ? address : new URL(path, address).href;
          if (url === undefined) await scope.gate.check(netAction(new URL(target)), step, { tool: 'browser.verifyServer' });
          return await verify({ ...rest, url: target }, context);
        } finally {
          await lease.release();
        }
      },
    }),
  ];
}

/** Waits until a server has said where it is, and answers there. Throws `tool-failed` with the end of what it printed. */
async function addressOf(server: CommandProcess, given: string | undefined, startMs: number, signal: AbortSignal): Promise<string> {
  let ended = false;
  void server.ended.then(() => (ended = true), () => (ended = true));
  for (const until = performance.now() + startMs; ; await sleep(pollMs, undefined, { signal })) {
    const { tail } = server.output.text();
    const address = given ?? printed.exec(tail.replaceAll(/\u001b\[[\d;]*m/g, ''))?.[0].replace(/0\.0\.0\.0|\[::\]/, 'localhost');
    if (!ended && address !== undefined && (await answers(address))) return address;
    if (!ended && performance.now() < until) continue;
    throw new AssassinError('tool-failed', ended ? 'The development server ended before it could be looked at.' : address === undefined ? `The development server named no address within ${startMs} ms.` : `Nothing answered at ${address} within ${startMs} ms.`, {
      hint: `It printed: ${tail.trim().slice(-500) || 'nothing'}. ${given === undefined ? 'Where it prints no address, give its url.' : ''}`.trim(),
    });
  }
}

/** Only whether somebody listens: the page itself is fetched by the browser alone. */
async function answers(address: string): Promise<boolean> {
  const { connect } = await import('node:net');
  const { hostname, port, protocol } = new URL(address);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'https:' ? 443 : 80) });
  socket.setTimeout(1000, () => resolve(false));
  socket.once('connect', () => resolve(true));
  socket.once('error', () => resolve(false));
  const open = await promise;
  socket.destroy();
  return open;
}
