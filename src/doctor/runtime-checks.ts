import { denyAll } from '../policy/approver.ts';
import type { ConfigProblem } from '../mcp/mcp-config.ts';
import type { Runtime } from '../runtime.ts';
import { describeError, fromErrorInfo, type ErrorInfo } from '../shared/errors.ts';
import type { SandboxProgram } from '../sandbox/sandbox.ts';
import type { Check } from './check.ts';

const program: SandboxProgram = {
  modules: new Map([['self-test.js', 'export default (a, b) => a * b;']]), entry: 'self-test.js', call: 'default', args: [6, 7], clock: 'frozen', random: 'seeded',
};

/** Runs a program in a sandbox of a run of its own, which does not stay in the history. */
export async function sandboxCheck({ runs, sandboxes, store, workspace }: Runtime): Promise<Check> {
  const name = 'Sandbox';
  const request = { kind: 'function', title: 'Self-test', source: 'doctor', workspace, input: null, grants: [], rules: [], approver: denyAll, unshared: true } as const;
  const handle = runs.start(request, async (scope) => {
    await using lease = await sandboxes.lease(scope, 'Self-test');
    const host = { call: () => Promise.resolve(null), console: () => undefined };
    return (await lease.resource.run(program, host, scope.signal)).value;
  });
  const { result, error, clean } = await handle.outcome;
  store.deleteRun(handle.id);
  if (error) return { name, status: 'fail', detail: describeError(fromErrorInfo(error)), fix: 'Install the program again: files of it may be missing.' };
  if (result !== 42) return { name, status: 'fail', detail: `a program that multiplies 6 and 7 returned ${JSON.stringify(result)}`, fix: 'Install the program again.' };
  if (!clean) return { name, status: 'fail', detail: 'a program ran, but its sandbox could not be verified as gone', fix: 'Restart, and run doctor again.' };
  return { name, status: 'ok', detail: 'a program ran, and its sandbox is gone' };
}

export function mcpChecks(servers: number, problems: readonly ConfigProblem[]): readonly Check[] {
  const name = 'MCP configuration';
  if (problems.length === 0) return [{ name, status: 'ok', detail: servers === 0 ? 'no servers configured' : `${servers} server${servers === 1 ? '' : 's'} configured` }];
  return problems.map(({ severity, error }): Check => ({ name, status: severity === 'error' ? 'fail' : 'warn', detail: withoutHint(error), fix: error.hint ?? 'Correct the file.' }));
}

/** Calls that servers work on by themselves: a killed program has left them, and nobody would hear of their results. */
export async function openTasksChecks({ tasks }: Pick<Runtime['mcp'], 'tasks'>): Promise<readonly Check[]> {
  const open = await tasks?.list() ?? [];
  return open.map(({ id, server, tool, run }): Check => ({ name: 'MCP tasks', status: 'warn', detail: `${server}.${tool} of ${run} has a result that nobody has fetched`, fix: `Fetch it with "mcp task ${id}", or "Get the result of an MCP task..." in the editor.` }));
}

export function leftoversChecks({ swept: { interruptedRuns, leases } }: Runtime): readonly Check[] {
  const name = 'Leftovers';
  if (interruptedRuns.length === 0 && leases.length === 0) return [{ name, status: 'ok', detail: 'nothing was left by earlier runs' }];
  const runs: readonly Check[] = interruptedRuns.map((run) => ({ name, status: 'warn', detail: `${run} was interrupted when its program ended`, fix: `See "runs show ${run}"; run it again if you want it done.` }));
  const resources = leases.map(({ label, verified, how }): Check => (verified
    ? { name, status: 'ok', detail: `swept ${label}: ${how}` }
    : { name, status: 'fail', detail: `${label} could not be swept: ${how}`, fix: 'End it by hand, then run doctor again.' }));
  return [...runs, ...resources];
}

function withoutHint({ hint: _hint, ...error }: ErrorInfo): string {
  return describeError(fromErrorInfo(error));
}
