import { fileURLToPath, pathToFileURL } from 'node:url';
import type { RunScope } from '../../run/run-scope.ts';
import { AssassinError, fromErrorInfo } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { ResolvedPath } from '../../workspace/paths.ts';
import { nodeAdapter } from './guest/adapters.ts';
import { NodeProcess } from './node-process.ts';
import { weakerIsolation } from './weaker-isolation.ts';

export interface NodeFunction {
  readonly file: ResolvedPath;
  readonly exportName: string;
  readonly args: readonly Json[];
  /** What its shape makes of the event: the function is called by an adapter with this, and the adapter's answer is given back. */
  readonly call?: Json | undefined;
  /** The folder of the built files. */
  readonly dist: URL;
  readonly timeoutMs?: number | undefined;
}

const defaultTimeoutMs = 30_000;

/**
 * Runs a function in a Node process of its own with Node's permission model: it can read the workspace, write nothing and start nothing. That is a seat belt
 * and no sandbox, and the log says so. Throws `denied` without the grant `node FILE`, `timeout`, and `chain-failed` with what the function threw.
 */
export async function runInNode(scope: RunScope, { file, exportName, args, call, dist, timeoutMs = defaultTimeoutMs }: NodeFunction): Promise<Json> {
  if (!file.inside) throw new AssassinError('chain-invalid', `${file.shown} lies outside the workspace.`, { hint: 'Open its folder as the workspace, or move the file.' });
  const request = call === undefined ? { file: file.path, exportName, args } : { file: file.path, exportName, args: [call], adapter: nodeAdapter(pathToFileURL(file.path).href, exportName) };
  let value: Json = null;
  await scope.step({ kind: 'tool', name: `${exportName}() ${weakerIsolation}`, input: args }, async (step) => {
    await scope.gate.check({ kind: 'node', path: file.path }, step);
    const network = process.allowedNodeEnvironmentFlags.has('--allow-net') ? 'no network' : 'the network open';
    scope.log('warn', `${file.shown} runs in a Node process, not in a sandbox: it can read the workspace, has ${network}, and only Node's permission model keeps it from writing files and starting programs.`);
    await using lease = await scope.lease({ kind: 'process', label: `node ${file.shown}`, ttlMs: timeoutMs + 5000 }, (handle) => NodeProcess.start({
      runner: fileURLToPath(new URL('function-node.js', dist)), dist: fileURLToPath(dist), workspace: scope.workspace, lease: handle,
      print: (level, text) => scope.log(level, text),
    }));
    const answer = await lease.resource.call(request, AbortSignal.any([scope.signal, AbortSignal.timeout(timeoutMs)]), timeoutMs);
    if (!answer.ok) throw fromErrorInfo({ code: 'chain-failed', message: answer.message, hint: hintFor(answer.message), ...(answer.stack === undefined ? {} : { data: { stack: answer.stack } }) });
    value = answer.value;
    return value;
  });
  return value;
}

function hintFor(message: string): string {
  return /ERR_ACCESS_DENIED|restricted/i.test(message) ? "Node's permission model forbids it here: let a tool of a chain do it, with a grant of its own." : 'See the stack for the place in the source.';
}
