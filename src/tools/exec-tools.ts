import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { isSecretReference } from '../policy/secret-references.ts';
import { AssassinError } from '../shared/errors.ts';
import { resolvePath } from '../workspace/paths.ts';
import { CommandProcess } from './command-process.ts';
import { defineTool, type Tool, type ToolContext } from './tool.ts';

const defaultTimeoutMs = 2 * 60_000;
const maxTimeoutMs = 30 * 60_000;

/** Programs of the computer, run in the real workspace. There is no shell: what the gate sees is exactly what is run. */
export function execTools(): readonly Tool[] {
  // What was decided on is what is used.
  const folders = new WeakMap<ToolContext, string>();
  return [
    defineTool({
      name: 'exec.run',
      title: 'Run a program',
      description: 'Runs a program in the workspace without a shell, waits for its end, and gives its exit code and the end of what it printed.',
      kind: 'tool',
      effects: { readOnly: false, destructive: true, openWorld: true, untrustedOutput: true },
      secretFields: ['env'],
      input: z.strictObject({
        argv: z.array(z.string().max(32_768).refine((text) => !text.includes('\0'), 'holds a NUL character')).min(1).max(1000).describe('The program and its arguments, one item each.'),
        cwd: z.string().min(1).max(4096).default('.').describe('Folder in the workspace.'),
        env: z.record(
          z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'is not the name of a variable'),
          z.string(),
        ).default({}).describe('Secrets that the program gets as variables: { "NPM_TOKEN": "${secret:npm-token}" }. Needs "secret NAME".'),
        timeoutMs: z.int().min(100).max(maxTimeoutMs).default(defaultTimeoutMs),
      }),
      actions: async ({ argv, cwd, env }, context) => {
        // A variable can make a program load code or go elsewhere: nothing that a chain or a model writes itself becomes one.
        const stray = Object.keys(env).find((name) => !isSecretReference(env[name] ?? ''));
        if (stray !== undefined) throw new AssassinError('invalid-input', `The variable ${stray} of exec.run is no reference to a secret.`, { hint: 'Write "${secret:NAME}" and nothing else as its value.', data: { tool: 'exec.run' } });
        const folder = await resolvePath(context.scope.workspace, cwd);
        if (!folder.inside || !(await stat(folder.path).catch(() => undefined))?.isDirectory()) {
          throw new AssassinError('invalid-input', `${folder.shown} is not a folder of the workspace.`, { hint: 'Give a folder of the workspace as cwd.', data: { tool: 'exec.run' } });
        }
        folders.set(context, folder.path);
        return [{ kind: 'exec', argv, cwd: folder.path }];
      },
      run: async ({ argv, env, timeoutMs }, context) => {
        const { scope, signal } = context;
        const began = performance.now();
        const lease = await scope.lease({ kind: 'process', label: argv.join(' ').slice(0, 200) }, (handle) => CommandProcess.start(argv, { cwd: folders.get(context)!, lease: handle, env }));
        const { resource: command } = lease;
        const timer = new AbortController();
        const timedOut = sleep(timeoutMs, undefined, { signal: AbortSignal.any([signal, timer.signal]) }).then(() => 'timed out' as const);
        timedOut.catch(() => undefined);
        try {
          const first = await Promise.race([command.ended, timedOut]);
          await lease.release();
          const end = first === 'timed out' ? await command.ended : first;
          const { tail, whole, bytes } = command.output.text();
          return {
            exitCode: end.exitCode, signal: end.signal, timedOut: first === 'timed out', output: tail, blob: whole === undefined ? null : scope.journal.bytes(whole, 'text/plain').blob, bytes,
            ms: Math.round(performance.now() - began),
          };
        } finally {
          timer.abort();
          await lease.release();
        }
      },
    }),
  ];
}
