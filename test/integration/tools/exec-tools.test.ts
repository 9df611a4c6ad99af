import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive, processStart } from '../../../src/run/process-identity.ts';
import { execTools } from '../../../src/tools/exec-tools.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { withRun } from '../../helpers/run.ts';

const tools = new ToolRegistry();
tools.register(...execTools());
const node = process.execPath;

describe('programs', () => {
  it('are run without a shell, and give their exit code and what they printed', async () => {
    const run = await withRun([`exec ${node} -e **`], (scope) => tools.call('exec.run', { argv: [node, '-e', 'console.log(process.argv[1]); console.error("err"); process.exit(3)', '$(id); `id` && *'] }, scope));
    expect(run.result()).toMatchObject({ exitCode: 3, signal: null, timedOut: false, output: '$(id); `id` && *\nerr\n', blob: null });
    expect(run.of('lease.destroyed')).toMatchObject([{ verified: true }]);
  });

  it('are gated by their parsed arguments: more than was granted is denied', async () => {
    const run = await withRun([`exec ${node} --version`], (scope) => tools.call('exec.run', { argv: [node, '-e', '1'] }, scope));
    expect(run.outcome.error).toMatchObject({ code: 'denied' });
    expect(run.of('lease.created')).toEqual([]);
  });

  it('see no variable of the environment but those that every program needs', async () => {
    process.env['TEST_SECRET_TOKEN'] = 'hunter2-hunter2';
    try {
      const run = await withRun([`exec ${node} -p *`], (scope) => tools.call('exec.run', { argv: [node, '-p', 'JSON.stringify(process.env)'] }, scope));
      expect(JSON.stringify(run.result())).not.toContain('hunter2');
    } finally {
      delete process.env['TEST_SECRET_TOKEN'];
    }
  });

  it('that take too long are ended with everything they started, and say so', async () => {
    const script = 'const {spawn}=require("child_process"); console.log(spawn("sleep",["600"],{stdio:"ignore"}).pid); setInterval(()=>{},1000)';
    const run = await withRun([`exec ${node} -e **`], (scope) => tools.call('exec.run', { argv: [node, '-e', script], timeoutMs: 500 }, scope));
    const result = run.result() as { readonly timedOut: boolean; readonly output: string };
    expect(result).toMatchObject({ timedOut: true, exitCode: null });
    expect(await processStart(Number(result.output))).toBeUndefined();
    expect(run.outcome.clean).toBe(true);
  });

  it('end with the run that started them', async () => {
    const run = await withRun([`exec ${node} -e *`], async (scope, { cancel, store }) => {
      store.onAppend((events) => {
        if (events.some(({ type }) => type === 'lease.identified')) setImmediate(() => cancel('Enough.'));
      });
      return tools.call('exec.run', { argv: [node, '-e', 'setInterval(()=>{},1000)'] }, scope);
    });
    expect(run.outcome).toMatchObject({ state: 'cancelled', clean: true });
    const identity = run.of('lease.identified')[0]!.identity;
    expect(await isAlive({ pid: identity.pid!, start: identity.pidStart! })).toBe(false);
  });

  it('that print a lot give the end, and all of it under a name', async () => {
    const run = await withRun([`exec ${node} -e **`], (scope) => tools.call('exec.run', { argv: [node, '-e', 'for(let i=0;i<20000;i++)console.log("line "+i+" \\u00e4")'] }, scope));
    const result = run.result() as { readonly output: string; readonly blob: string; readonly bytes: number };
    expect(result.output.endsWith('line 19999 ä\n')).toBe(true);
    expect(result.output.length).toBeLessThanOrEqual(8192);
    expect(result.blob).toMatch(/^[0-9a-f]{64}$/);
    expect(result.bytes).toBeGreaterThan(250_000);
  });

  it('that do not exist, and folders outside the workspace, are named', async () => {
    const none = await withRun(['exec no-such-program-at-all'], (scope) => tools.call('exec.run', { argv: ['no-such-program-at-all'] }, scope));
    expect(none.outcome).toMatchObject({ clean: true, error: { code: 'tool-failed', message: 'There is no program "no-such-program-at-all".' } });
    const outside = await withRun([`exec ${node} -v`], (scope, { workspace }) => {
      symlinkSync('/', join(workspace, 'link'));
      return tools.call('exec.run', { argv: [node, '-v'], cwd: 'link' }, scope);
    });
    expect(outside.outcome.error).toMatchObject({ code: 'invalid-input' });
    const file = await withRun([`exec ${node} -v`], (scope, { workspace }) => {
      mkdirSync(join(workspace, 'a'));
      writeFileSync(join(workspace, 'a/f'), '');
      return tools.call('exec.run', { argv: [node, '-v'], cwd: 'a/f' }, scope);
    });
    expect(file.outcome.error).toMatchObject({ code: 'invalid-input' });
  });
});
