import { describe, expect, it } from 'vitest';
import type { McpHub, McpHubOptions } from '../../../src/mcp/mcp-hub.ts';
import { ModelRegistry } from '../../../src/models/model-registry.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import type { Json } from '../../../src/shared/json.ts';
import { mcpSampling } from '../../../src/tools/mcp-sampling.ts';
import { McpToolSource } from '../../../src/tools/mcp-tool-source.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import type { StreamAnswer } from '../../fixtures/models/answer.ts';
import { scriptedServer } from '../../fixtures/models/scripted-server.ts';
import { recordedPerson } from '../../helpers/mcp-person.ts';
import { everythingScript, fixture, nodeServer, withHub } from '../../helpers/mcp.ts';
import { withRun, type FinishedRun, type WithRunOptions } from '../../helpers/run.ts';

function registry(hub: McpHub): ToolRegistry {
  const tools = new ToolRegistry();
  tools.registerSource(new McpToolSource(hub));
  return tools;
}

interface Asked {
  readonly run: FinishedRun;
  readonly log: readonly string[];
  readonly folder: string;
}

/** Calls tools of the asking server one after the other in one run. */
function ask(era: string, tools: readonly (readonly [tool: string, args?: Json])[], { hub: hubOptions, grants = ['mcp asking:*'], config = {}, ...options }: { readonly hub: Partial<McpHubOptions>; readonly grants?: readonly string[]; readonly config?: Parameters<typeof nodeServer>[3] } & WithRunOptions): Promise<Asked> {
  return withHub(() => [nodeServer('asking', fixture('asking.mjs'), [era], config)], async ({ hub, log, folder }) => {
    const run = await withRun(grants, async (scope) => {
      const answers: Json[] = [];
      for (const [tool, args = {}] of tools) answers.push(await registry(hub).call(`mcp.asking.${tool}`, args, scope));
      return answers;
    }, options);
    return { run, log: [...log], folder };
  }, hubOptions);
}

const answersOf = ({ run }: Asked) => (run.result() as readonly string[]).map((text) => JSON.parse(text) as { readonly action?: string; readonly content?: Json });

describe.each(['legacy', 'modern'])('a server that asks for values over the %s protocol', (era) => {
  it('has its form shown with its name, choices and what is filled in, and gets only what was asked for', async () => {
    const person = recordedPerson({ form: { action: 'accept', content: { name: 'Ada', age: 36, size: 's', colours: ['red'], news: true, extra: 'not asked for' } } });
    const asked = await ask(era, [['form']], { hub: { person } });
    expect(answersOf(asked)).toEqual([{ action: 'accept', content: { name: 'Ada', age: 36, size: 's', colours: ['red'], news: true } }]);
    expect(person.forms).toMatchObject([{
      server: 'asking', message: 'Who are you?', run: asked.run.outcome.id,
      fields: [
        { name: 'name', title: 'Your name', type: 'text', required: true, minLength: 2 },
        { name: 'age', type: 'number', integer: true, minimum: 0, maximum: 150, required: false },
        { name: 'size', type: 'one', choices: [{ value: 's', label: 'Small' }, { value: 'l', label: 'Large' }], initial: 'l' },
        { name: 'colours', type: 'many', maxItems: 1 },
        { name: 'news', type: 'boolean', initial: false },
      ],
    }]);
  });

  it('is told that the person declined, and asks nobody any more after the third no', async () => {
    const person = recordedPerson();
    const asked = await ask(era, [['form'], ['form'], ['form'], ['form']], { hub: { person } });
    expect(answersOf(asked).map(({ action }) => action)).toEqual(['decline', 'decline', 'decline', 'cancel']);
    expect(person.forms).toHaveLength(3);
  });

  it('gets no answer that does not fit its form', async () => {
    const asked = await ask(era, [['form']], { hub: { person: recordedPerson({ form: { action: 'accept', content: { name: 'A' } } }) } });
    expect(answersOf(asked)).toEqual([{ action: 'cancel' }]);
    expect(asked.log.join('\n')).toContain('It must have at least 2 characters');
  });

  it('is refused a password without anybody being asked', async () => {
    const person = recordedPerson({ form: { action: 'accept', content: { password: 'hunter2' } } });
    const asked = await ask(era, [['form', { which: 'secret' }]], { hub: { person } });
    expect(answersOf(asked)).toEqual([{ action: 'decline' }]);
    expect(person.forms).toEqual([]);
    expect(asked.log.join('\n')).toContain('looks like a secret');
  });

  it('may wait for the person longer than a call may be silent', async () => {
    const slow = () => new Promise<{ readonly action: 'decline' }>((resolve) => setTimeout(() => resolve({ action: 'decline' }), 900));
    const asked = await ask(era, [['form']], { hub: { person: recordedPerson({ form: slow }) }, config: { timeoutMs: 400 } });
    expect(answersOf(asked)).toEqual([{ action: 'decline' }]);
  });

  it('finds that nobody is there', async () => {
    expect(answersOf(await ask(era, [['form']], { hub: { person: recordedPerson({ canAsk: false }) } }))).toEqual([{ action: 'cancel' }]);
  });
});

describe.each(['legacy', 'modern'])('a server that wants a page to be opened over the %s protocol', (era) => {
  it('has the whole address shown, with its domain', async () => {
    const person = recordedPerson({ visit: 'accept' });
    expect(answersOf(await ask(era, [['page']], { hub: { person } }))).toEqual([{ action: 'accept' }]);
    expect(person.visits).toMatchObject([{ server: 'asking', url: 'https://example.com/sign-in?for=me', domain: 'example.com', warnings: [] }]);
  });

  it('does not pass for another domain with letters of other scripts', async () => {
    const person = recordedPerson();
    await ask(era, [['page', { which: 'lookalike' }]], { hub: { person } });
    expect(person.visits).toMatchObject([{ domain: 'xn--pple-43d.com', warnings: [expect.stringContaining('Punycode') as string] }]);
  });

  it('cannot have anything opened that is no web page', async () => {
    const person = recordedPerson({ visit: 'accept' });
    expect(answersOf(await ask(era, [['page', { which: 'script' }]], { hub: { person } }))).toEqual([{ action: 'decline' }]);
    expect(person.visits).toEqual([]);
  });
});

describe.each(['legacy', 'modern'])('a server that asks for folders over the %s protocol', (era) => {
  it('is told of the workspace where its configuration and the grants of the run say so', async () => {
    const { run, folder } = await ask(era, [['folders']], { hub: {}, config: { roots: true } });
    expect(run.result()).toEqual([expect.stringContaining(`file://${folder}`)]);
  });

  it('is told of nothing by a run that may not ask it for folders', async () => {
    const { run, log } = await ask(era, [['folders']], { hub: {}, config: { roots: true }, grants: ['mcp asking:folders'] });
    expect(run.result()).toEqual(['{"roots":[]}']);
    expect(log.join('\n')).toContain('mcp asking:roots/list');
  });

  it('cannot ask at all where its configuration says nothing', async () => {
    const { run } = await ask(era, [['folders']], { hub: {} });
    expect(run.outcome.error).toMatchObject({ code: expect.stringMatching(/^mcp-/) as string });
  });
});

describe.each(['legacy', 'modern'])('a server that asks a model over the %s protocol', (era) => {
  async function sampled(options: { readonly tool?: string; readonly answer?: StreamAnswer; readonly review?: boolean; readonly grants?: readonly string[]; readonly tokens?: number }) {
    await using server = await scriptedServer(() => options.answer ?? { text: ['It is 42.'] });
    const models = new ModelRegistry({ redactor: new Redactor(), discover: false });
    models.configure([{ kind: 'openai-compatible', name: 'test', baseUrl: server.baseUrl }]);
    const person = recordedPerson({ review: options.review ?? true });
    const asked = await ask(era, [[options.tool ?? 'model']], { hub: { person, sample: mcpSampling(models) }, grants: options.grants ?? ['mcp asking:*', 'model test/scripted'], budget: { tokens: options.tokens ?? 100_000 } });
    return { asked, person, requests: server.requests.filter(({ path }) => path.endsWith('/chat/completions')) };
  }

  it('gets the answer of the model of the run, when the person has seen its whole question, and the run pays', async () => {
    const { asked, person, requests } = await sampled({});
    expect(JSON.parse((asked.run.result() as readonly string[])[0]!)).toMatchObject({ role: 'assistant', model: 'test/scripted', content: { type: 'text', text: 'It is 42.' } });
    expect(person.reviews).toMatchObject([{ server: 'asking', model: 'test/scripted', system: 'You count.', messages: [{ role: 'user', text: 'What is 6 times 7?' }], maxTokens: 300 }]);
    expect(requests).toHaveLength(1);
    expect(asked.run.of('meter').some(({ meter, value }) => meter === 'model.output_tokens' && value > 0)).toBe(true);
    expect(asked.run.of('step.started').map(({ name }) => name)).toContain('asking asks a model');
  });

  it('may bring tools of its own: the model sees their results, and the server gets the calls', async () => {
    const { asked, person, requests } = await sampled({ tool: 'model-with-tools', answer: { calls: [{ name: 'weather', arguments: { town: 'Bonn' } }] } });
    expect(JSON.parse((asked.run.result() as readonly string[])[0]!)).toMatchObject({ stopReason: 'toolUse', content: [{ type: 'tool_use', name: 'weather', input: { town: 'Bonn' } }] });
    expect(person.reviews).toMatchObject([{ tools: ['weather'], messages: [{ text: 'How is it in Ulm?' }, { text: '[calls weather({"town":"Ulm"})]' }, { role: 'tool', text: 'Rain' }] }]);
    expect(JSON.stringify(requests[0])).toMatch(/Rain/);
  });

  it('is refused where the person says no: no model is asked', async () => {
    const { asked, requests } = await sampled({ review: false });
    expect(asked.run.outcome.error).toMatchObject({ message: expect.stringContaining('did not allow') as string });
    expect(requests).toEqual([]);
  });

  it('is refused where the run may use no model, before the person is shown anything', async () => {
    const { asked, person, requests } = await sampled({ grants: ['mcp asking:*'] });
    expect(asked.run.outcome.state).toBe('failed');
    expect(asked.log.join('\n')).toMatch(/A question to a model was refused: Not allowed: model test\/scripted.*Grant it with "model test\/scripted"/);
    expect(person.reviews).toEqual([]);
    expect(requests).toEqual([]);
  });

  it('cannot spend more than the run has', async () => {
    const { asked, requests } = await sampled({ tokens: 100 });
    expect(asked.run.outcome.error).toMatchObject({ message: expect.stringContaining('tokens') as string });
    expect(requests).toEqual([]);
  });
});

describe('the everything server', () => {
  it('asks with every kind of field that there is, and takes the answer', async () => {
    const person = recordedPerson({ form: { action: 'accept', content: { name: 'Ada' } } });
    await withHub(() => [nodeServer('everything', everythingScript)], async ({ hub }) => {
      const run = await withRun(['mcp everything:*'], (scope) => registry(hub).call('mcp.everything.trigger-elicitation-request', {}, scope));
      expect(JSON.stringify(run.result())).toContain('Ada');
      expect(new Set(person.forms[0]!.fields.map(({ type }) => type))).toEqual(new Set(['text', 'number', 'boolean', 'one', 'many']));
    }, { person });
  });

  it('is not answered by a connection that works for two runs at once, because nobody can tell for which', async () => {
    const person = recordedPerson({ review: true });
    const sample = () => Promise.reject(new Error('It must not come to that.'));
    await withHub(() => [nodeServer('everything', everythingScript)], async ({ hub, log }) => {
      await hub.start('everything');
      const long = Promise.withResolvers<void>();
      const other = withRun(['mcp everything:*'], async (scope) => {
        const call = registry(hub).call('mcp.everything.trigger-long-running-operation', { duration: 2, steps: 2 }, scope);
        setTimeout(() => long.resolve(), 300);
        return call;
      });
      await long.promise;
      const run = await withRun(['mcp everything:*'], (scope) => registry(hub).call('mcp.everything.trigger-sampling-request', { prompt: 'Hello', maxTokens: 100 }, scope));
      expect(run.outcome.error).toMatchObject({ message: expect.stringContaining('no run, or to several') as string });
      expect((await other).outcome.state).toBe('done');
      expect(log.join('\n')).not.toContain('It must not come to that');
    }, { person, sample });
  });
});
