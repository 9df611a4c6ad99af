import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseGrant } from '../../../src/policy/grant.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { workspaceTools } from '../../../src/tools/workspace-tools.ts';
import { withRun } from '../../helpers/run.ts';

const tools = new ToolRegistry();
tools.register(...workspaceTools());

let outside: string;
beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), 'test-outside-'));
});
afterEach(() => rmSync(outside, { recursive: true, force: true }));

describe('workspace tools', () => {
  it('write, read, list and look within the grants, each decision on record with the real path', async () => {
    const run = await withRun(['fs.read **', 'fs.write reports/**'], async (scope) => {
      const written = await tools.call('workspace.writeFile', { path: 'reports/a.json', content: '{}' }, scope);
      return [written, await tools.call('workspace.readFile', { path: 'reports/a.json' }, scope), await tools.call('workspace.list', {}, scope), await tools.call('workspace.exists', { path: 'nope' }, scope)];
    });
    expect(run.result()).toMatchObject([{ bytes: 2 }, '{}', [{ name: 'reports', kind: 'directory' }], false]);
    expect(run.of('decision').map((event) => event.action.replace(/ \S*(workspace-\w+)/, ' $1'))[0]).toMatch(/^fs\.write workspace-\w+\/reports\/a\.json$/);
  });

  it('are edits in the trace where they change a file, and not where they read one', async () => {
    const run = await withRun(['fs.read **', 'fs.write **'], async (scope) => {
      await tools.call('workspace.writeFile', { path: 'a.txt', content: 'one' }, scope);
      await tools.call('workspace.edit', { path: 'a.txt', edits: [{ oldText: 'one', newText: 'two' }] }, scope);
      return tools.call('workspace.readFile', { path: 'a.txt' }, scope);
    });
    expect(run.result()).toBe('two');
    const steps = run.of('step.started').map(({ kind, name, step }) => [name, kind, run.of('file.written').filter((written) => written.step === step).length]);
    expect(steps.filter(([name]) => String(name).startsWith('workspace.'))).toEqual([['workspace.writeFile', 'edit', 1], ['workspace.edit', 'edit', 1], ['workspace.readFile', 'workspace', 0]]);
  });

  it('refuse what is not granted, with the grant to write', async () => {
    const run = await withRun(['fs.read **'], (scope, { workspace }) => {
      writeFileSync(join(workspace, 'a.txt'), 'old');
      return tools.call('workspace.writeFile', { path: 'a.txt', content: 'x' }, scope);
    });
    expect(run.outcome.error).toMatchObject({ code: 'denied', hint: expect.stringContaining('"fs.write a.txt"') as string });
    expect(run.of('step.ended')[0]).toMatchObject({ status: 'denied' });
  });

  it('decide on a link by what it points to, for reading and for writing', async () => {
    writeFileSync(join(outside, 'secret.txt'), 'secret');
    const paths = ['link/secret.txt', 'link/new.txt', 'dangling.txt', '../../../../../../etc/hostname', join(outside, 'secret.txt')];
    for (const [tool, extra] of [['workspace.readFile', {}], ['workspace.writeFile', { content: 'x' }], ['workspace.exists', {}]] as const) {
      for (const path of paths) {
        const run = await withRun(['fs.read **', 'fs.write **'], (scope, { workspace }) => {
          symlinkSync(outside, join(workspace, 'link'));
          symlinkSync(join(outside, 'new.txt'), join(workspace, 'dangling.txt'));
          return tools.call(tool, { path, ...extra }, scope);
        });
        expect([tool, path, run.outcome.error?.code]).toEqual([tool, path, 'denied']);
      }
    }
    expect(readFileSync(join(outside, 'secret.txt'), 'utf8')).toBe('secret');
  });

  it('use the path that was decided on, even where a link changes while a person is asked', async () => {
    writeFileSync(join(outside, 'a.txt'), 'secret');
    const grant = parseGrant('fs.read /**', '/');
    const run = await withRun([], async (scope, { workspace }) => {
      mkdirSync(join(workspace, 'notes'));
      writeFileSync(join(workspace, 'notes/a.txt'), 'harmless');
      swap = () => {
        renameSync(join(workspace, 'notes'), join(workspace, 'old'));
        symlinkSync(outside, join(workspace, 'notes'));
      };
      return tools.call('workspace.readFile', { path: 'notes/a.txt' }, scope);
    }, {
      rules: [{ effect: 'ask', grant, origin: 'test' }],
      approver: { approve: () => Promise.resolve(swap()).then(() => ({ answer: 'once' }) as const), ask: () => Promise.resolve(undefined) },
    });
    expect(run.outcome.error).toMatchObject({ code: 'denied', message: expect.stringContaining('replaced by a link') as string });
  });
  let swap: () => void;

  it('do not write protected paths under a broad grant, but under one that names them', async () => {
    const call = (grants: string[]) => withRun(grants, (scope) => tools.call('workspace.writeFile', { path: '.vscode/tasks.json', content: '{}' }, scope));
    expect((await call(['fs.write **'])).outcome.error).toMatchObject({ code: 'denied', message: expect.stringContaining('protected path') as string });
    expect((await call(['fs.write .vscode/**'])).result()).toEqual({ bytes: 2 });
  });

  it('name the field of a wrong input', async () => {
    const run = await withRun(['fs.read **'], (scope) => tools.call('workspace.readFile', { file: 'a.txt' }, scope));
    expect(run.outcome.error).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('path:') as string });
  });
});
