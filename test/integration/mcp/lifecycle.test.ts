import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { processStart } from '../../../src/run/process-identity.ts';
import { sweep } from '../../../src/run/sweep.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import { McpToolSource } from '../../../src/tools/mcp-tool-source.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import type { McpHub } from '../../../src/mcp/mcp-hub.ts';
import { everythingScript, fixture, nodeServer, processesIn, withHub } from '../../helpers/mcp.ts';
import { withRun } from '../../helpers/run.ts';

const linux = process.platform === 'linux';

function registry(hub: McpHub): ToolRegistry {
  const tools = new ToolRegistry();
  tools.registerSource(new McpToolSource(hub));
  return tools;
}

const odd = (mode: string) => (folder: string) => [nodeServer('odd', fixture('misbehaving.mjs'), [mode, join(folder, 'seen')])];

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !condition(); i++) await sleep(10);
  expect(condition()).toBe(true);
}

describe('a call that the gate refuses', () => {
  it('starts no server, whether it exists or not', async () => {
    await withHub(odd('well'), async ({ hub, folder }) => {
      const run = await withRun(['mcp odd:echo'], (scope) => registry(hub).call('mcp.odd.misbehave', {}, scope));
      expect(run.outcome.error).toMatchObject({ code: 'denied', hint: expect.stringContaining('mcp odd:misbehave') as string });
      expect(run.of('lease.created')).toEqual([]);
      expect(run.of('step.started').map(({ name }) => name)).not.toContain('start odd');
      expect(processesIn(folder)).toEqual([]);
      const other = await withRun([], (scope) => registry(hub).call('mcp.absent.echo', {}, scope));
      expect(other.outcome.error).toMatchObject({ code: 'denied' });
    });
  });
});

describe('a call that is wrong', () => {
  const call = (name: string, args: Record<string, string | number>) => withHub(odd('well'), async ({ hub }) => (await withRun(['mcp odd:*', 'mcp od:*'], (scope) => registry(hub).call(name, args, scope))).outcome.error);

  it('names an unknown server: the configured ones, the nearest one and where to add it', async () => {
    expect(await call('mcp.od.echo', {})).toMatchObject({ code: 'mcp-not-configured', message: expect.stringContaining('Configured are: odd') as string, hint: expect.stringMatching(/Did you mean odd\?.*\.vscode\/mcp\.json/) as string });
  });

  it('names an unknown tool: the nearest one', async () => {
    expect(await call('mcp.odd.Ecko', {})).toMatchObject({ code: 'tool-not-found', hint: 'Did you mean echo?' });
  });

  it('has a wrong argument: the field is named and nothing is sent', async () => {
    await withHub(odd('well'), async ({ hub, folder }) => {
      const run = await withRun(['mcp odd:*'], async (scope) => {
        const error = await registry(hub).call('mcp.odd.echo', { message: 5 }, scope).catch((caught: unknown) => caught);
        expect(error).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('"message" must be string') as string });
        expect(await registry(hub).call('mcp.odd.echo', {}, scope).catch((caught: unknown) => caught)).toMatchObject({ message: expect.stringContaining('"message" is missing') as string });
        expect(await registry(hub).call('mcp.odd.echo', ['x'], scope).catch((caught: unknown) => caught)).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('a list') as string });
        return null;
      });
      run.result();
      expect(readFileSync(join(folder, 'seen'), 'utf8')).not.toContain('tools/call');
    });
  });

  it('may name a tool whose own name holds a dot, and gets several texts as blocks', async () => {
    await withHub(odd('well'), async ({ hub }) => {
      const run = await withRun(['mcp odd:dotted.name'], (scope) => registry(hub).call('mcp.odd.dotted.name', {}, scope));
      expect(run.result()).toEqual([{ type: 'text', text: '1' }, { type: 'text', text: '2' }]);
    });
  });
});

describe('cancelling a run', () => {
  it('tells the server in the middle of a call, then ends it', async () => {
    await withHub(odd('hangs-in-call'), async ({ hub, folder }) => {
      const file = join(folder, 'seen');
      const seen = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
      const run = await withRun(['mcp odd:*'], async (scope, { cancel }) => {
        const call = registry(hub).call('mcp.odd.misbehave', {}, scope);
        await until(() => seen().includes('tools/call'));
        cancel('Enough.');
        return call;
      });
      expect(run.outcome).toMatchObject({ state: 'cancelled', clean: true, error: { message: 'Enough.' } });
      expect(run.of('step.ended').find(({ error }) => error !== undefined)).toMatchObject({ status: 'cancelled', error: { code: 'cancelled', message: 'Enough.' } });
      expect(seen()).toContain('notifications/cancelled');
      expect(processesIn(folder)).toEqual([]);
    });
  });

  it('ends a server that is still starting', async () => {
    await withHub(odd('hangs-at-initialize'), async ({ hub, folder }) => {
      const run = await withRun(['mcp odd:*'], async (scope, { cancel }) => {
        const call = registry(hub).call('mcp.odd.misbehave', {}, scope);
        await until(() => processesIn(folder).length > 0);
        cancel('Enough.');
        return call;
      });
      expect(run.outcome).toMatchObject({ state: 'cancelled', clean: true });
      expect(processesIn(folder)).toEqual([]);
    });
  });
});

describe('a server that a person has started', () => {
  it('is shared by runs, outlives them, and their traces say so', async () => {
    await withHub(() => [nodeServer('everything', everythingScript)], async ({ hub, folder }) => {
      const states: string[] = [];
      using _listener = hub.onChange(() => states.push(hub.servers()[0]!.state));
      await hub.start('everything');
      expect(states).toEqual(expect.arrayContaining(['starting', 'running']));
      const [status] = hub.servers();
      expect(status).toMatchObject({ state: 'running', startedByHand: true, tools: 13, provenance: { file: '.vscode/mcp.json', line: 3 }, command: expect.stringContaining('server-everything/dist/index.js') as string });
      const one = () => withRun(['mcp everything:*'], (scope) => registry(hub).call('mcp.everything.echo', { message: 'a' }, scope));
      for (const run of await Promise.all([one(), one()])) {
        expect(run.result()).toBe('Echo: a');
        expect(run.of('lease.created')).toEqual([]);
        expect(run.of('step.started').map(({ name }) => name)).toContain('share everything');
        expect(run.of('run.log')).toMatchObject([{ message: expect.stringContaining('shared') as string }]);
        expect(run.of('meter').find(({ meter }) => meter === 'mcp.calls')).toMatchObject({ value: 1 });
      }
      if (linux) expect(processesIn(folder)).toEqual([status!.pid]);
      await hub.stop('everything');
      expect(processesIn(folder)).toEqual([]);
      expect(hub.servers()).toMatchObject([{ state: 'stopped', startedByHand: false, tools: 13 }]);
    });
  });

  it('can be stopped while it is still starting', async () => {
    await withHub(odd('hangs-at-initialize'), async ({ hub, folder }) => {
      const start = hub.start('odd').catch((error: { code: string }) => error.code);
      await until(() => processesIn(folder).length > 0);
      await hub.stop('odd');
      expect(await start).toBe('cancelled');
      expect(processesIn(folder)).toEqual([]);
      expect(hub.servers()).toMatchObject([{ state: 'stopped' }]);
    });
  });

  it('leaves nothing at whatever moment of its start it is stopped', async () => {
    await withHub(odd('well'), async ({ hub, folder }) => {
      const outcomes: string[] = [];
      for (const ms of [0, 1, 2, 4, 8, 16, 32, 64]) {
        const start = hub.start('odd').then(() => 'ready', (error: { code: string }) => error.code);
        if (ms > 0) await sleep(ms);
        await hub.stop('odd');
        outcomes.push(await start);
        expect(processesIn(folder)).toEqual([]);
      }
      expect(outcomes[0]).toBe('cancelled');
      expect(new Set(outcomes).difference(new Set(['cancelled', 'ready']))).toEqual(new Set());
    });
  });

  it('is seen as failed, with the reason, when it dies by itself', async () => {
    await withHub(odd('well'), async ({ hub }) => {
      await hub.start('odd');
      process.kill(hub.servers()[0]!.pid!, 'SIGKILL');
      await until(() => hub.servers()[0]!.state === 'failed');
      expect(hub.servers()).toMatchObject([{ error: { code: 'mcp-disconnected', message: expect.stringContaining('signal SIGKILL') as string } }]);
      await hub.start('odd');
      expect(hub.servers()).toMatchObject([{ state: 'running' }]);
    });
  });

  it('is stopped when its configuration goes, and left alone when it stays as it was', async () => {
    await withHub(odd('well'), async ({ hub, folder }) => {
      await hub.start('odd');
      const before = processesIn(folder);
      await hub.configure(odd('well')(folder));
      expect(processesIn(folder)).toEqual(before);
      await hub.configure([]);
      expect(processesIn(folder)).toEqual([]);
      expect(hub.servers()).toEqual([]);
    });
  });

  it('gets the value of an input from the person, once, and it is redacted', async () => {
    const asked: string[] = [];
    const servers = () => [nodeServer('odd', fixture('misbehaving.mjs'), ['well'], { env: { SECRET: '${input:key}' }, inputs: [{ id: 'key', type: 'promptString', password: true }] })];
    await withHub(servers, async ({ hub }) => {
      await hub.start('odd');
      await hub.stop('odd');
      await hub.start('odd');
      expect(asked).toEqual(['odd key']);
    }, { input: (input, server) => Promise.resolve(asked.push(`${server} ${input.id}`) > 0 ? 'secret-value' : undefined) });
    await withHub(servers, async ({ hub }) => {
      await expect(hub.start('odd')).rejects.toMatchObject({ code: 'invalid-config', message: expect.stringContaining('"env.SECRET" in .vscode/mcp.json') as string });
    });
  });
});

describe('asking a server that nobody has started for its tools', () => {
  it('starts it for the question and ends it again', async () => {
    await withHub(odd('well'), async ({ hub, folder }) => {
      expect((await hub.tools('odd')).map(({ name }) => name)).toEqual(['echo', 'misbehave', 'dotted.name']);
      expect(processesIn(folder)).toEqual([]);
      expect(hub.knownTools('odd')).toHaveLength(3);
    });
  });
});

describe('a server of the 2026 protocol alone', () => {
  it('is reached at the first question, each time', async () => {
    await withHub(() => [nodeServer('modern', fixture('modern.mjs'))], async ({ hub }) => {
      for (let time = 0; time < 2; time++) {
        const run = await withRun(['mcp modern:add'], (scope) => registry(hub).call('mcp.modern.add', { a: 2, b: 3 }, scope));
        expect(run.result()).toEqual({ sum: 5 });
        expect(run.of('lease.identified')).toHaveLength(1);
        expect(run.of('step.ended').map(({ output }) => output)).toContainEqual({ json: expect.objectContaining({ protocol: '2026-07-28' }) as unknown });
      }
    });
  });
});

describe.skipIf(!linux)('a host that is killed', () => {
  it('takes all its servers with it, also those that ignore the end of their input and SIGTERM, and the next start closes the record', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'test-mcp-killed-'));
    try {
      const host = spawn(process.execPath, ['--experimental-strip-types', '--no-warnings', fixture('killed-host.ts'), folder], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [first] = await once(host.stdout, 'data') as [Buffer];
      expect(first.toString()).toBe('ready\n');
      // Of the person, of the run, its child, and the polite one.
      expect(processesIn(folder)).toHaveLength(4);
      host.kill('SIGKILL');
      await once(host, 'exit');
      await until(() => processesIn(folder).length === 0);
      using store = new RunStore(join(folder, 'data'));
      const report = await sweep(store, { pid: process.pid, start: (await processStart(process.pid))! });
      expect(report.interruptedRuns).toHaveLength(1);
      expect(report.leases.map(({ label, verified }) => ({ label, verified }))).toEqual(expect.arrayContaining([{ label: 'MCP server theirs', verified: true }, { label: 'MCP server polite', verified: true }]));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
