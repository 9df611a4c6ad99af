import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { McpToolSource } from '../../../src/tools/mcp-tool-source.ts';
import type { McpHub } from '../../../src/mcp/mcp-hub.ts';
import { everythingScript, filesystemScript, nodeServer, processesIn, withHub } from '../../helpers/mcp.ts';
import { withRun } from '../../helpers/run.ts';

function registry(hub: McpHub): ToolRegistry {
  const tools = new ToolRegistry();
  tools.registerSource(new McpToolSource(hub));
  return tools;
}

describe('the filesystem server', () => {
  it('writes a file for a run, appears in its trace and is gone, verified, when the run has ended', async () => {
    await withHub((folder) => [nodeServer('filesystem', filesystemScript, [folder])], async ({ hub, folder }) => {
      const run = await withRun(['mcp filesystem:write_file'], async (scope) => {
        const result = await registry(hub).call('mcp.filesystem.write_file', { path: join(folder, 'report.txt'), content: 'done' }, scope);
        expect(processesIn(folder)).toHaveLength(1);
        return result;
      });
      expect(run.outcome).toMatchObject({ state: 'done', clean: true });
      expect(readFileSync(join(folder, 'report.txt'), 'utf8')).toBe('done');
      expect(processesIn(folder)).toEqual([]);
      const [call, start] = run.of('step.started').filter((step) => step.kind === 'mcp');
      expect(call).toMatchObject({ name: 'mcp.filesystem.write_file' });
      expect(start).toMatchObject({ name: 'start filesystem', parent: call!.step });
      const [created] = run.of('lease.created');
      expect(created).toMatchObject({ kind: 'mcp', label: 'MCP server filesystem' });
      expect(run.of('lease.identified').at(-1)).toMatchObject({ lease: created!.lease, identity: { pid: expect.any(Number) as number, pidStart: expect.stringMatching(/./) as string } });
      expect(run.of('lease.destroyed')).toMatchObject([{ lease: created!.lease, verified: true, how: expect.stringContaining('process list') as string }]);
      expect(run.of('meter').map(({ meter, value, mark }) => ({ meter, mark, positive: value > 0 }))).toEqual(expect.arrayContaining([
        { meter: 'mcp.calls', mark: 'measured', positive: true },
        { meter: 'mcp.wall_ms', mark: 'measured', positive: true },
        ...(process.platform === 'linux' ? [{ meter: 'mcp.cpu_ms', mark: 'measured', positive: true }, { meter: 'mcp.memory_bytes', mark: 'measured', positive: true }] : []),
      ]));
    });
  });

  it('reports what the tool itself refuses as a failure of the tool, in its own words', async () => {
    await withHub((folder) => [nodeServer('filesystem', filesystemScript, [folder])], async ({ hub }) => {
      const run = await withRun(['mcp filesystem:*'], (scope) => registry(hub).call('mcp.filesystem.read_text_file', { path: '/etc/passwd' }, scope));
      expect(run.outcome.error).toMatchObject({ code: 'mcp-tool-failed', message: expect.stringContaining('Access denied') as string });
    });
  });
});

describe('the everything server', () => {
  const servers = () => [nodeServer('everything', everythingScript)];

  it('gives one text as a string and structured content as data', async () => {
    await withHub(servers, async ({ hub }) => {
      const run = await withRun(['mcp everything:*'], async (scope) => {
        const tools = registry(hub);
        return [await tools.call('mcp.everything.echo', { message: '{"not":"parsed"}' }, scope), await tools.call('mcp.everything.get-structured-content', { location: 'Chicago' }, scope)];
      });
      const [text, data] = run.result() as [string, Record<string, unknown>];
      expect(text).toBe('Echo: {"not":"parsed"}');
      expect(data).toEqual({ temperature: expect.any(Number) as number, conditions: expect.any(String) as string, humidity: expect.any(Number) as number });
      expect(run.of('lease.created')).toHaveLength(1);
      expect(run.of('meter').find(({ meter }) => meter === 'mcp.calls')).toMatchObject({ value: 2 });
    });
  });

  it('keeps the bytes of an image in the journal and hands out a handle', async () => {
    await withHub(servers, async ({ hub }) => {
      await withRun(['mcp everything:*'], async (scope, { store }) => {
        const blocks = await registry(hub).call('mcp.everything.get-tiny-image', {}, scope) as readonly { type: string; mimeType?: string; blob?: string; bytes?: number }[];
        const image = blocks.find(({ type }) => type === 'image')!;
        expect(image).toMatchObject({ mimeType: 'image/png', bytes: expect.any(Number) as number });
        const bytes = await store.blobs.read(image.blob!);
        expect(Buffer.from(bytes.slice(1, 4)).toString()).toBe('PNG');
        expect(JSON.stringify(blocks)).not.toContain('iVBOR');
        return null;
      }).then((run) => run.result());
    });
  });

  it('runs without the tokens of the program that started it, and with what its configuration gives', async () => {
    process.env['MCP_TEST_TOKEN'] = 'token-of-the-host';
    try {
      await withHub(() => [nodeServer('everything', everythingScript, [], { env: { GIVEN: '${env:MCP_TEST_TOKEN}-copy', LANG: null } })], async ({ hub }) => {
        const run = await withRun(['mcp everything:get-env'], (scope) => registry(hub).call('mcp.everything.get-env', {}, scope));
        const env = JSON.parse(run.result() as string) as Record<string, string>;
        expect(env).toMatchObject({ GIVEN: 'token-of-the-host-copy', PATH: process.env['PATH'] });
        expect(env).not.toHaveProperty('MCP_TEST_TOKEN');
        expect(env).not.toHaveProperty('LANG');
      });
    } finally {
      delete process.env['MCP_TEST_TOKEN'];
    }
  });

  it('reports progress of a long call to the run', async () => {
    await withHub(servers, async ({ hub }) => {
      const run = await withRun(['mcp everything:*'], (scope) => registry(hub).call('mcp.everything.trigger-long-running-operation', { duration: 1, steps: 4 }, scope));
      expect(run.result()).toContain('completed');
      expect(run.of('run.progress').map(({ fraction }) => fraction)).toEqual(expect.arrayContaining([0.5, 0.75]));
    });
  });

  it('starts one instance for all calls of a run that begin together', async () => {
    await withHub(servers, async ({ hub }) => {
      const run = await withRun(['mcp everything:*'], (scope) => Promise.all([1, 2, 3].map((n) => registry(hub).call('mcp.everything.get-sum', { a: n, b: n }, scope))));
      expect(run.result()).toEqual([expect.stringContaining('2') as string, expect.stringContaining('4') as string, expect.stringContaining('6') as string]);
      expect(run.of('lease.created')).toHaveLength(1);
    });
  });

  it('gives two runs at once an instance each', async () => {
    await withHub(servers, async ({ hub, folder }) => {
      let most = 0;
      const body = () => withRun(['mcp everything:*'], async (scope) => {
        await registry(hub).call('mcp.everything.echo', { message: 'here' }, scope);
        most = Math.max(most, processesIn(folder).length);
        return registry(hub).call('mcp.everything.trigger-long-running-operation', { duration: 0.5, steps: 1 }, scope);
      });
      const runs = await Promise.all([body(), body()]);
      expect(runs.map(({ outcome }) => outcome)).toMatchObject([{ state: 'done', clean: true }, { state: 'done', clean: true }]);
      const pids = runs.map((run) => run.of('lease.identified').at(-1)!.identity.pid);
      expect(new Set(pids).size).toBe(2);
      if (process.platform === 'linux') expect(most).toBe(2);
      expect(hub.servers()).toMatchObject([{ name: 'everything', runs: 0, state: 'stopped' }]);
    });
  });
});
