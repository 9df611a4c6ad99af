import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { denyAll } from '../../../src/policy/gate.ts';
import { defaultSettings, Runtime } from '../../../src/runtime.ts';
import { scriptedServer } from '../../fixtures/models/scripted-server.ts';
import { processesIn } from '../../helpers/mcp.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { calls, code, finishChecked, recorded } from '../../helpers/tasks.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

const append = JSON.stringify([process.execPath, '-e', 'require("fs").appendFileSync("done.txt", "once\\n"); setTimeout(() => {}, 300)']);
const script = () => recorded(
  code(`import { exec } from "assassin"; export default async () => (await exec(${append})).exitCode;`),
  calls(['edit_file', { path: 'made.txt', edits: [{ oldText: '', newText: 'made\n' }] }]),
  code('import { workspace } from "assassin"; export default () => workspace.readFile("made.txt");'),
  finishChecked('done'),
);

/** From the first request to the last, with a program, a write and answers under way. */
const points = [8, 20, 26, 30, 36, 44, 52, 58];

describe('a task whose host is killed', () => {
  it.each(points)('after event %i is interrupted at the next start, and nothing of it is repeated', async (point) => {
    await using server = await scriptedServer(script());
    using workspace = testWorkspace();
    using data = testWorkspace();
    const store = join(data.path, 'store');
    const host = spawn(process.execPath, [join(import.meta.dirname, '../../fixtures/agent/killed-host.ts'), workspace.path, store, sandbox.assets.href, server.baseUrl, String(point)], { stdio: ['ignore', 'inherit', 'inherit'] });
    const [, signal] = await once(host, 'exit') as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    const asked = server.requests.length;
    const done = () => (existsSync(join(workspace.path, 'done.txt')) ? readFileSync(join(workspace.path, 'done.txt'), 'utf8') : '');

    const runtime = await Runtime.open({
      workspace: workspace.path, dataDirectory: store, distDirectory: sandbox.assets, version: '0.0.0', approver: denyAll, log: () => undefined,
      settings: { ...defaultSettings, discoverModels: false, modelProviders: [{ kind: 'openai-compatible', name: 'test', baseUrl: server.baseUrl }] },
    });
    try {
      expect(runtime.swept.interruptedRuns).toHaveLength(1);
      const [run] = runtime.store.runs().items;
      expect(run).toMatchObject({ kind: 'task', state: 'interrupted' });
      expect(runtime.store.openLeases()).toEqual([]);
      expect(processesIn(workspace.path)).toEqual([]);
      expect(['', 'once\n']).toContain(done());
      expect(server.requests).toHaveLength(asked);
      // Whatever was written is on record with what was there before.
      const written = runtime.events(run!.id).filter(({ type }) => type === 'file.written').length;
      if (existsSync(join(workspace.path, 'made.txt'))) expect(written).toBe(1);
    } finally {
      await runtime[Symbol.asyncDispose]();
    }
  });
});
