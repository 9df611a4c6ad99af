import { describe, expect, it } from 'vitest';
import type { McpHubOptions } from '../../../../src/mcp/mcp-hub.ts';
import { McpToolSource } from '../../../../src/tools/mcp-tool-source.ts';
import { ToolRegistry } from '../../../../src/tools/registry.ts';
import type { Json } from '../../../../src/shared/json.ts';
import { recordedPerson } from '../../../helpers/mcp-person.ts';
import { fixture, nodeServer, withHub } from '../../../helpers/mcp.ts';
import { withRun } from '../../../helpers/run.ts';

async function ask(era: string, calls: readonly (readonly [tool: string, input?: Json])[], options: Partial<McpHubOptions>): Promise<readonly string[]> {
  return await withHub(() => [nodeServer('asking', fixture('asking.mjs'), [era])], async ({ hub }) => {
    const tools = new ToolRegistry();
    tools.registerSource(new McpToolSource(hub));
    const run = await withRun(['mcp asking:*'], async (scope) => {
      const answers: Json[] = [];
      for (const [tool, input = {}] of calls) answers.push(JSON.stringify(await tools.call(`mcp.asking.${tool}`, input, scope).catch((error: unknown) => `! ${String(Reflect.get(Object(error), 'code'))}`)));
      return answers;
    });
    return run.result() as readonly string[];
  }, options);
}

describe.each(['legacy', 'modern'])('a server that asks for what it must not have, over the %s protocol', (era) => {
  it('a password in a form: refused, nobody is asked', async () => {
    const person = recordedPerson({ form: { action: 'accept', content: { password: 'hunter2' } } });
    const answers = await ask(era, [['form', { which: 'secret' }]], { person });
    expect(answers.join()).toContain('decline');
    expect(answers.join()).not.toContain('hunter2');
    expect(person.forms).toEqual([]);
  });

  it('a script instead of an address: refused, nothing is opened', async () => {
    const person = recordedPerson({ visit: 'accept' });
    const answers = await ask(era, [['page', { which: 'script' }]], { person });
    expect(answers.join()).not.toContain('accept');
    expect(person.visits).toEqual([]);
  });

  it('an address that looks like another: asked, with a warning', async () => {
    const person = recordedPerson({ visit: 'decline' });
    await ask(era, [['page', { which: 'lookalike' }]], { person });
    expect(JSON.stringify(person.visits)).toContain('xn--');
  });

  it('an answer of a model that the run is not granted: refused, and nobody reads the question', async () => {
    const person = recordedPerson({ review: true });
    const answers = await ask(era, [['model']], { person });
    expect(answers).toHaveLength(1);
    expect(answers.join()).not.toMatch(/42/);
    expect(person.reviews).toEqual([]);
  });

  it('folders that it is not told of: none', async () => {
    expect((await ask(era, [['folders']], { person: recordedPerson() })).join()).not.toContain('file://');
  });

  it('again and again: capped after the third no', async () => {
    const person = recordedPerson();
    await ask(era, Array.from({ length: 6 }, () => ['form'] as const), { person });
    expect(person.forms).toHaveLength(3);
  });
});
