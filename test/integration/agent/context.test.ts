import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { calls, code, finish, lastResult, recorded, resultsIn, taskTest } from '../../helpers/tasks.ts';
import { crawlToCsv } from '../../tasks/crawl-to-csv.ts';
import { taskSite } from '../../tasks/task-site.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

describe('what a model is sent', () => {
  it('begins with the instructions of the project and the files that were named, each with where it is from, and that is on record', async () => {
    await using test = await taskTest(sandbox, {
      'AGENTS.md': 'Use tabs.\n', 'CLAUDE.md': 'Use tabs.\n', '.github/copilot-instructions.md': 'Be brief.\n', '.cursor/rules/style.mdc': 'No semicolons.\n', 'src/a.ts': 'export const a = 1;\n', '.env': 'KEY=hunter2\n', 'big.txt': 'x'.repeat(50_000),
    }, recorded(finish('ok')));
    const { of, outcome } = await test.task('Explain @src/a.ts and @big.txt, not @.env or @gone.ts.');
    const text = String(test.server.requests[0]!.body.messages[1]!.content);
    for (const part of ['from AGENTS.md', 'Use tabs.', 'from .github/copilot-instructions.md', 'from .cursor/rules/style.mdc', '@src/a.ts', 'export const a = 1;', 'of 50000 characters ...]']) expect(text).toContain(part);
    expect(text).not.toContain('from CLAUDE.md');
    expect(text).not.toContain('hunter2');
    expect(text.endsWith('The task:\nExplain @src/a.ts and @big.txt, not @.env or @gone.ts.')).toBe(true);
    const context = of('step.started').find(({ name }) => name === 'Context')!;
    expect(of('step.ended').find(({ step }) => step === context.step)?.output).toMatchObject({ json: { items: [{ kind: 'instructions', source: 'AGENTS.md', tokens: 3, ofTokens: 3 }, {}, {}, { kind: 'outline' }, { kind: 'file', source: 'src/a.ts' }, { kind: 'file', source: 'big.txt', ofTokens: 12_500 }, { kind: 'file', source: '@.env', tokens: 0, problem: expect.stringContaining('Not allowed') as string }, { kind: 'file', source: '@gone.ts', tokens: 0, problem: expect.stringContaining('There is no gone.ts') as string }] } });
    const sent = (await test.runtime.sentContext(outcome.id))!;
    expect(sent.tokens).toBe(sent.items.reduce((sum, { tokens }) => sum + tokens, 0));
    expect(sent.tokens).toBeLessThanOrEqual(sent.budgetTokens);
    expect(sent.budgetTokens).toBe(8000);
    expect(of('run.log').some(({ message }) => message.includes('.env is not part'))).toBe(true);
  });

  it('holds long results short, with a handle by which the rest can be read', async () => {
    const long = Array.from({ length: 3000 }, (_, i) => `line ${i}`).join('\n');
    await using test = await taskTest(sandbox, { 'long.txt': long }, recorded(
      calls(['read_file', { path: 'long.txt' }]),
      (request) => calls(['read_result', { handle: /"handle":"(\w+)"/.exec(lastResult(request))![1]!, offset: 15_000, length: 500 }]),
      finish('ok'),
    ));
    await test.task('Read it.');
    expect(lastResult(test.server.requests[1]!).length).toBeLessThan(8500);
    expect(lastResult(test.server.requests[2]!)).toContain('line 16');
  });

  it('is shortened when the conversation outgrows what the model can read, without losing a result or its call', async () => {
    let turn = 0;
    await using test = await taskTest(sandbox, Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}.txt`, `${i} `.repeat(3000)])), () => (turn++ < 20 ? calls(['read_file', { path: `f${turn - 1}.txt` }]) : finish('ok')));
    const { outcome, of } = await test.task('Read all.');
    expect(outcome.state).toBe('done');
    const made = of('step.started').filter(({ name }) => name === 'Compaction');
    expect(made.length).toBeGreaterThan(0);
    for (const { step } of made) expect(of('step.ended').find((event) => event.step === step)!.output).toMatchObject({ json: { shortened: expect.any(Number) as number } });
    for (const { body } of test.server.requests) {
      const called = body.messages.flatMap(({ tool_calls: list }) => (list ?? []).map(({ id }) => id));
      expect(body.messages.filter(({ role }) => role === 'tool').map(({ tool_call_id: id }) => id)).toEqual(called);
      expect(JSON.stringify(body.messages).length / 4).toBeLessThan(32_000);
    }
    const last = resultsIn(test.server.requests.at(-1)!);
    expect(last).toHaveLength(20);
    expect(last[0]![1]).toContain('read_result');
  });

  it('does not grow with MCP servers that the run may not use: they are not even started', async () => {
    await using test = await taskTest(sandbox, {}, recorded(calls(['search_tools', { query: 'click element' }], ['describe_tools', { names: ['browser', 'nothing.here'] }]), finish('ok')), {
      settings: { mcpServers: [{ name: 'other', title: 'Other', transport: { type: 'stdio', command: 'no-such-server', args: [], env: {} }, provenance: { file: 'x', line: 1 }, enabled: true, connectTimeoutMs: 1000, timeoutMs: 1000, inputs: [] }] },
    });
    const { of } = await test.task('Look around.');
    const [found, described] = resultsIn(test.server.requests[1]!).map(([, text]) => text);
    expect(found).toContain('page.click');
    expect(found).toContain('no grant for them: the MCP servers other');
    expect(described).toContain('class Page');
    expect(described).toContain('There is no tool nothing.here');
    expect(of('lease.created')).toEqual([]);
  });
});

describe('a finished task', () => {
  it('can be frozen into a chain that does the same without a model, with no more grants than it used', async () => {
    await using site = await taskSite(crawlToCsv.site!());
    const seedOf = (workspace: string) => ({ workspace, origin: site.origin, requests: site.requests });
    await using test = await taskTest(sandbox, crawlToCsv.files, recorded(...crawlToCsv.answers(seedOf(''))));
    const seed = seedOf(test.workspace);
    const { outcome } = await test.task('Crawl the list.', { grants: [...crawlToCsv.grants(seed), 'exec npm', 'fs.write **'] });
    const asked = test.server.requests.length;
    rmSync(join(test.workspace, 'out'), { recursive: true });

    const { path, grants } = await test.runtime.freeze(outcome.id);
    expect(path).toBe('.assassin/chains/crawl-the-list.ts');
    expect(grants).toEqual(['browser', 'fs.write out/things.csv', `net ${site.origin}`]);
    expect(await test.runtime.chains.check('crawl-the-list')).toEqual([]);
    const replay = await test.run('crawl-the-list');
    expect(replay.outcome).toMatchObject({ state: 'done', result: 12, clean: true });
    await crawlToCsv.check(seed, null);
    expect(test.server.requests).toHaveLength(asked);
    expect(test.runtime.bill(replay.outcome.id)).toMatchObject({ realCostUsd: 0, realCostMark: 'measured' });
    await expect(test.runtime.freeze(outcome.id)).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(test.runtime.freeze(outcome.id, '../../escaped')).rejects.toMatchObject({ code: 'invalid-input' });
    expect(existsSync(join(test.workspace, 'escaped.ts'))).toBe(false);
  });

  it('without code that ended well cannot be frozen', async () => {
    await using test = await taskTest(sandbox, {}, recorded(code('export default () => { throw new Error("no"); }'), finish('ok')));
    const { outcome } = await test.task('Go.');
    await expect(test.runtime.freeze(outcome.id)).rejects.toMatchObject({ code: 'chain-invalid' });
  });
});
