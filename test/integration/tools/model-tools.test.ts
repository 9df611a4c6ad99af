import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedServer, type Script, type ScriptedServer } from '../../fixtures/models/scripted-server.ts';
import { chainTest, type ChainTest } from '../../helpers/chains.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { code, finish, recorded, resultsIn, taskTest } from '../../helpers/tasks.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

async function chain(script: Script, body: string, grants: readonly string[] = ['model test/scripted']): Promise<{ readonly test: ChainTest; readonly server: ScriptedServer; readonly [Symbol.asyncDispose]: () => Promise<void> }> {
  const server = await scriptedServer(script);
  const source = `import { model, workspace } from 'assassin';\nexport const meta = { grants: ${JSON.stringify(grants)} };\nexport default async function () {\n  ${body}\n}`;
  const test = await chainTest(sandbox, { '.assassin/chains/main.ts': source }, { settings: { discoverModels: false, modelProviders: [{ kind: 'openai-compatible', name: 'test', baseUrl: server.baseUrl }] } });
  return {
    test, server,
    [Symbol.asyncDispose]: async () => {
      await test[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

const tokens = { budget: { tokens: 100_000 } };
const schema = `{ type: 'object', properties: { color: { type: 'string' } }, required: ['color'], additionalProperties: false }`;

describe('model.ask in a program', () => {
  it('gives the answer, with the tokens on the ledger of the run', async () => {
    await using used = await chain([{ text: ['Bl', 'ue.'] }], "return await model.ask('What color?', { system: 'Be brief.' });");
    const { outcome } = await used.test.run('main', null, tokens);
    expect(outcome).toMatchObject({ state: 'done', result: 'Blue.' });
    expect(used.server.requests[0]!.body.messages).toEqual([{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'What color?' }]);
    expect(used.test.runtime.bill(outcome.id).ledger).toEqual(expect.arrayContaining([expect.objectContaining({ meter: 'model.input_tokens', value: 100, mark: 'measured' }), expect.objectContaining({ meter: 'model.output_tokens', value: 20 })]));
  });

  it('gives a value of a schema, asking once more for one that does not fit, and pays for both', async () => {
    await using used = await chain([{ text: ['{"colour":1}'] }, { text: ['```json\n{"color":"blue"}\n```'] }], `return (await model.ask<{ color: string }>('What color?', { schema: ${schema} })).color;`);
    const { outcome } = await used.test.run('main', null, tokens);
    expect(outcome).toMatchObject({ state: 'done', result: 'blue' });
    expect(used.test.runtime.bill(outcome.id).ledger.find(({ meter }) => meter === 'model.input_tokens')?.value).toBe(200);
    expect(used.server.requests[0]!.body.response_format).toMatchObject({ json_schema: { schema: { required: ['color'] } } });
  });

  it('throws a typed error where the answer does not fit twice', async () => {
    await using used = await chain([{ text: ['no'] }, { text: ['still no'] }], `try { await model.ask('?', { schema: ${schema} }); } catch (error) { return (error as { code: string }).code; }`);
    expect((await used.test.run('main', null, tokens)).outcome.result).toBe('model-output');
  });

  it('asks the model that was granted, also where the grant has a limit, and not the first that there is', async () => {
    await using used = await chain([{ text: ['yes'] }], "return await model.ask('?');", ['model test/second {calls 5}']);
    expect((await used.test.run('main', null, tokens)).outcome).toMatchObject({ state: 'done', result: 'yes' });
    expect(used.server.requests[0]!.body.model).toBe('second');
  });

  it('is denied without a grant, and for any other model than the granted one', async () => {
    await using without = await chain([], "return await model.ask('?');", []);
    expect((await without.test.run('main', null, tokens)).outcome.error).toMatchObject({ code: 'denied', message: expect.stringContaining('model test/scripted') as string });
    await using other = await chain([], "return await model.ask('?', { model: 'test/dearer' });");
    expect((await other.test.run('main', null, tokens)).outcome.error).toMatchObject({ code: 'denied' });
    expect([...without.server.requests, ...other.server.requests]).toEqual([]);
  });

  it('ends where the budget of tokens does, before the request is sent', async () => {
    await using used = await chain([{ text: ['a'], usage: { prompt_tokens: 1000, completion_tokens: 20 } }], "let n = 0; for (;;) { await model.ask('?'.repeat(4000)); n += 1; }");
    const { outcome } = await used.test.run('main', null, { budget: { tokens: 1400 } });
    expect(outcome.error).toMatchObject({ code: 'budget-exceeded', data: { budget: 'tokens' } });
    expect(used.server.requests).toHaveLength(1);
    await using none = await chain([], "return await model.ask('?');");
    expect((await none.test.run('main')).outcome.error).toMatchObject({ code: 'budget-exceeded' });
  });

  it('refuses schemas that check nothing useful, too long prompts and unknown options', async () => {
    for (const options of ["{ schema: { type: 'nonsense' } }", '{ maxOutputTokens: 1e9 }', '{ temperature: 1 }']) {
      await using used = await chain([], `return await model.ask('?', ${options} as never);`);
      expect((await used.test.run('main', null, tokens)).outcome.error, options).toMatchObject({ code: 'invalid-input' });
    }
  });

  it('asks the model of the task in code of an agent, from the same budget', async () => {
    await using test = await taskTest(sandbox, { 'a.txt': 'sky' }, recorded(
      code("import { model, workspace } from 'assassin'; export default async () => model.ask('Color of ' + await workspace.readFile('a.txt'));"),
      { text: ['blue'] },
      finish('ok'),
    ));
    const { outcome } = await test.task('Ask.');
    expect(outcome.state).toBe('done');
    expect(test.server.requests[1]!.body.messages.at(-1)).toMatchObject({ content: 'Color of sky' });
    expect(resultsIn(test.server.requests[2]!)[0]![1]).toContain('"blue"');
  });
});
