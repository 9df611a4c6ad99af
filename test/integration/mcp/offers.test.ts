import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Definition } from '../../../src/mcp/admission.ts';
import type { McpHub } from '../../../src/mcp/mcp-hub.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import type { Json } from '../../../src/shared/json.ts';
import { mcpOfferTools } from '../../../src/tools/mcp-offer-tools.ts';
import { McpToolSource } from '../../../src/tools/mcp-tool-source.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { everythingScript, fixture, memoryScript, nodeServer, withHub } from '../../helpers/mcp.ts';
import { withRun } from '../../helpers/run.ts';

function registry(hub: McpHub): ToolRegistry {
  const tools = new ToolRegistry();
  tools.register(...mcpOfferTools(hub));
  tools.registerSource(new McpToolSource(hub));
  return tools;
}

const asking = (era: string, rest: Parameters<typeof nodeServer>[3] = {}) => () => [nodeServer('asking', fixture('asking.mjs'), [era], rest)];

describe.each(['legacy', 'modern'])('what a server has beside tools, over the %s protocol', (era) => {
  it('is listed, read and filled in by a run that may', async () => {
    await withHub(asking(era), async ({ hub }) => {
      const run = await withRun(['mcp asking:*'], async (scope) => {
        const call = (name: string, input: Json) => registry(hub).call(name, input, scope);
        return {
          list: await call('resources.list', { server: 'asking' }),
          text: await call('resources.read', { server: 'asking', uri: 'notes://today' }),
          bytes: await call('resources.read', { server: 'asking', uri: 'notes://monday' }),
          prompts: await call('prompts.list', { server: 'asking' }),
          prompt: await call('prompts.get', { server: 'asking', prompt: 'greet', arguments: { name: 'Ada' } }),
          completed: await call('prompts.complete', { server: 'asking', uriTemplate: 'notes://{day}', argument: 'day', value: 'tu' }),
        };
      });
      expect(run.result()).toMatchObject({
        list: { resources: [{ name: 'notes', uri: 'notes://today', mimeType: 'text/plain' }], templates: [{ name: 'day', uriTemplate: 'notes://{day}' }] },
        text: 'Buy milk',
        bytes: [{ type: 'resource', uri: 'notes://monday', mimeType: 'application/x-day', bytes: 6, blob: expect.any(String) as string }],
        prompts: [{ name: 'greet', description: 'Greets', arguments: [{ name: 'name', required: true }, { name: 'tone', required: false }] }],
        prompt: { messages: [{ role: 'user', content: { type: 'text', text: 'Greet Ada, plain' } }] },
        completed: ['tuesday'],
      });
    });
  });

  it('is compared with what the server lists where the server refuses it, and not with the declaration of a tool', async () => {
    await withHub(asking(era), async ({ hub }) => {
      const refused = await withRun(['mcp asking:*'], (scope) => registry(hub).call('resources.read', { server: 'asking', uri: 'notes://no/such/day' }, scope));
      expect(refused.outcome.error).toMatchObject({ code: 'mcp-tool-failed', hint: expect.stringMatching(/^Compare it with what the server lists\./) as string });
      const prompt = await withRun(['mcp asking:*'], (scope) => registry(hub).call('prompts.get', { server: 'asking', prompt: 'greet', arguments: { name: 'nobody' } }, scope));
      expect(prompt.outcome.error).toMatchObject({ code: 'mcp-tool-failed', hint: expect.stringMatching(/^Compare it with what the server lists\./) as string });
    });
  });

  it('is as closed as its tools: a resource is not read without its grant, and the run counts as one that has read text of strangers', async () => {
    await withHub(asking(era), async ({ hub }) => {
      const denied = await withRun(['mcp asking:resources/list'], (scope) => registry(hub).call('resources.read', { server: 'asking', uri: 'notes://today' }, scope));
      expect(denied.outcome.error).toMatchObject({ code: 'denied' });
      expect(denied.of('lease.created')).toEqual([]);
      const allowed = await withRun(['mcp asking:resources/read'], (scope) => registry(hub).call('resources.read', { server: 'asking', uri: 'notes://today' }, scope));
      expect(allowed.outcome.untrusted).toMatchObject([{ kind: 'mcp', source: 'asking:resources/read' }]);
    });
  });

  it('says what is missing in a prompt before the server is asked', async () => {
    await withHub(asking(era), async ({ hub }) => {
      const get = (prompt: string) => withRun(['mcp asking:*'], (scope) => registry(hub).call('prompts.get', { server: 'asking', prompt }, scope));
      expect((await get('greet')).outcome.error).toMatchObject({ code: 'invalid-input', message: 'The prompt "greet" needs "name".' });
      expect((await get('great')).outcome.error).toMatchObject({ code: 'tool-not-found', hint: 'It offers: greet.' });
    });
  });

  it('tells of changes to whoever waits for them', async () => {
    await withHub(asking(era), async ({ hub }) => {
      const run = await withRun(['mcp asking:*'], async (scope) => {
        const tools = registry(hub);
        const changed = tools.call('resources.changed', { server: 'asking', uri: 'notes://today', timeoutMs: 60_000 }, scope);
        await tools.call('resources.read', { server: 'asking', uri: 'notes://today' }, scope);
        await tools.call('mcp.asking.touch', {}, scope);
        return [await changed, await tools.call('resources.changed', { server: 'asking', uri: 'notes://today', timeoutMs: 50 }, scope)];
      });
      expect(run.result()).toEqual([true, false]);
    });
  });

  it('tells whoever still waits where another has given up waiting for the same', async () => {
    await withHub(asking(era), async ({ hub }) => {
      const run = await withRun(['mcp asking:*'], async (scope) => {
        const tools = registry(hub);
        const wait = (timeoutMs: number) => tools.call('resources.changed', { server: 'asking', uri: 'notes://today', timeoutMs }, scope);
        const patient = wait(60_000);
        const first = await wait(50);
        await tools.call('mcp.asking.touch', {}, scope);
        return [first, await patient];
      });
      expect(run.result()).toEqual([false, true]);
    });
  });

  it.each(['stopped', 'killed'])('does not let anybody wait for a server that was %s', async (how) => {
    await withHub(asking(era), async ({ hub }) => {
      await hub.start('asking');
      const run = await withRun(['mcp asking:*'], async (scope) => {
        const tools = registry(hub);
        const waiting = tools.call('resources.changed', { server: 'asking', uri: 'notes://today', timeoutMs: 600_000 }, scope);
        await tools.call('resources.read', { server: 'asking', uri: 'notes://today' }, scope);
        if (how === 'stopped') await hub.stop('asking');
        else process.kill(hub.servers()[0]!.pid!, 'SIGKILL');
        return waiting;
      });
      expect(run.outcome.error).toMatchObject({ code: 'mcp-disconnected' });
    });
  });

  it('is logged from the level on that is configured, without secrets', async () => {
    const redactor = new Redactor();
    redactor.add(['token-of-the-test']);
    const logged = (logLevel: 'debug' | 'error') => withHub(asking(era, { logLevel }), async ({ hub, log }) => {
      await withRun(['mcp asking:*'], (scope) => registry(hub).call('mcp.asking.say', {}, scope));
      return [...log];
    }, { redactor });
    expect(await logged('debug')).toEqual(expect.arrayContaining([expect.stringMatching(/^debug \[asking\] .*a detail/) as string, expect.stringMatching(/^error \[asking\] .*a failure/) as string]));
    const errors = await logged('error');
    expect(errors.join('\n')).toContain('a failure');
    expect(errors.join('\n')).not.toMatch(/a detail|token-of-the-test/);
  });
});

describe('real servers', () => {
  it('give documents, templates, prompts with completions, and changes of what was subscribed to', async () => {
    await withHub(() => [nodeServer('everything', everythingScript)], async ({ hub }) => {
      const run = await withRun(['mcp everything:*'], async (scope) => {
        const tools = registry(hub);
        const call = (name: string, input: Json) => tools.call(name, input, scope);
        const uri = 'demo://resource/dynamic/text/1';
        await call('resources.read', { server: 'everything', uri });
        await call('mcp.everything.toggle-subscriber-updates', {});
        return {
          document: await call('resources.read', { server: 'everything', uri: 'demo://resource/static/document/features.md' }),
          completed: await call('prompts.complete', { server: 'everything', prompt: 'completable-prompt', argument: 'name', value: '', filled: { department: 'Engineering' } }),
          changed: await call('resources.changed', { server: 'everything', uri, timeoutMs: 20_000 }),
        };
      });
      expect(run.result()).toMatchObject({ document: expect.stringContaining('Everything Server') as string, completed: expect.arrayContaining(['Alice']) as string[], changed: true });
    });
  });

  it('are the memory server too: what a run puts into its graph comes back as structured content', async () => {
    await withHub((folder) => [nodeServer('memory', memoryScript, [], { env: { MEMORY_FILE_PATH: join(folder, 'memory.json') } })], async ({ hub }) => {
      const run = await withRun(['mcp memory:*'], async (scope) => {
        const tools = registry(hub);
        await tools.call('mcp.memory.create_entities', { entities: [{ name: 'Ada', entityType: 'person', observations: ['counts'] }] }, scope);
        return tools.call('mcp.memory.read_graph', {}, scope);
      });
      expect(run.result()).toMatchObject({ entities: [{ name: 'Ada', observations: ['counts'] }] });
    });
  });
});

describe('pages', () => {
  it('go on at an empty cursor, which is one too', async () => {
    await withHub(() => [nodeServer('paging', fixture('paging.mjs'))], async ({ hub }) => {
      expect((await hub.tools('paging')).map(({ name }) => name)).toEqual(['first', 'second']);
    });
  });

  it('without end are cut off', async () => {
    await withHub(() => [nodeServer('paging', fixture('paging.mjs'), ['endless'])], async ({ hub }) => {
      await expect(hub.tools('paging')).rejects.toMatchObject({ code: 'mcp-protocol', message: expect.stringContaining('pages without end') as string });
    });
  });
});

describe('definitions that are not admitted', () => {
  const onlyFirst = (_server: unknown, definitions: readonly Definition[]) => definitions.map((definition) => (definition.kind !== 'instructions' && definition.name === 'second' ? { admitted: false, reason: 'It has changed.' } : { admitted: true }));

  it('are not offered, and their calls are refused with the reason', async () => {
    await withHub(() => [nodeServer('paging', fixture('paging.mjs'))], async ({ hub }) => {
      const run = await withRun(['mcp paging:*'], (scope) => registry(hub).call('mcp.paging.second', {}, scope));
      expect(run.outcome.error).toMatchObject({ code: 'denied', message: expect.stringContaining('It has changed.') as string });
      expect(hub.knownTools('paging')?.map(({ name }) => name)).toEqual(['first']);
      expect(hub.quarantined('paging')).toMatchObject([{ reason: 'It has changed.', definition: { kind: 'tool', name: 'second', raw: { name: 'second' } } }]);
    }, { admit: onlyFirst });
  });

  it('are all, where the decision itself fails', async () => {
    await withHub(asking('legacy'), async ({ hub }) => {
      await hub.look('asking', async (connection) => {
        expect(connection.tools).toEqual([]);
        expect(connection.instructions).toBeUndefined();
        expect(await connection.offers.prompts()).toEqual([]);
      });
      expect(hub.quarantined('asking').map(({ definition }) => definition.kind)).toContain('instructions');
    }, { admit: () => Promise.reject(new Error('The store is broken.')) });
  });

  it('are decided on again when the person has approved them', async () => {
    let approved = false;
    await withHub(() => [nodeServer('paging', fixture('paging.mjs'))], async ({ hub }) => {
      await hub.start('paging');
      expect(hub.knownTools('paging')?.map(({ name }) => name)).toEqual(['first']);
      approved = true;
      await hub.readmit('paging');
      expect(hub.knownTools('paging')?.map(({ name }) => name)).toEqual(['first', 'second']);
      expect(hub.quarantined('paging')).toEqual([]);
    }, { admit: (server, definitions) => (approved ? definitions.map(() => ({ admitted: true })) : onlyFirst(server, definitions)) });
  });
});
