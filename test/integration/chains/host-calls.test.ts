import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Json, JsonObject } from '../../../src/shared/json.ts';
import { defineTool } from '../../../src/tools/tool.ts';
import { chainTest, type ChainRun } from '../../helpers/chains.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';

let sandbox: SandboxFiles;
beforeAll(async () => void (sandbox = await buildSandboxFiles()));
afterAll(() => sandbox[Symbol.dispose]());

const big = 6 * 1024 * 1024;

async function run(body: string, grants: readonly string[] = [], options: { readonly deterministic?: boolean } = {}): Promise<ChainRun> {
  await using test = await chainTest(sandbox, `import { bigValue, workspace, http, mcp } from 'assassin';\nexport const meta = { grants: ${JSON.stringify(grants)} };\nexport default async function () {\n${body}\n}`);
  const schema = z.toJSONSchema(z.object({ n: z.number() })) as JsonObject;
  const shared = { title: 'Test', description: 'Of a test.', kind: 'tool', effects: { readOnly: true } } as const;
  test.runtime.tools.register(
    defineTool({ ...shared, name: 'mcp.test.text', input: z.object({}), run: () => Promise.resolve('line é\n'.repeat(big / 8)) }),
    defineTool({ ...shared, name: 'mcp.test.rows', input: z.object({}), run: () => Promise.resolve(Array.from({ length: big / 16 }, (_, i) => `row ${String(i).padStart(10)}`)) }),
    defineTool({ ...shared, name: 'mcp.test.length', input: z.object({ text: z.string() }), run: ({ text }) => Promise.resolve(text.length) }),
    defineTool({ ...shared, name: 'mcp.test.liar', outputSchema: schema, input: z.object({ n: z.unknown() }), run: ({ n }) => Promise.resolve({ n: n as Json }) }),
    defineTool({ ...shared, name: 'mcp.test.forger', input: z.object({}), run: () => Promise.resolve({ $handle: 'v_forged', kind: 'text', characters: 5 }) }),
  );
  const handle = await test.runtime.startChain('main', null, options);
  return await test.finish(handle.id, handle.outcome);
}

describe('results over the cap', () => {
  it('come as a value that is read in pieces, line by line or whole, and handed on as an argument', async () => {
    const { outcome } = await run(`
      const text = await mcp.test.text({});
      let lines = 0, odd = 0;
      for await (const line of text.lines()) { lines++; if (line !== 'line é') odd++; }
      const rows = await mcp.test.rows({});
      const list = await rows.json();
      return { length: text.length, start: await text.slice(0, 6), end: await text.slice(-7), whole: (await text.text()).length, lines, odd, given: await mcp.test.length({ text }), rows: list.length, row: list.at(-1) };`);
    expect(outcome).toMatchObject({ state: 'done' });
    const length = (big / 8) * 7;
    expect(outcome.result).toEqual({ length, start: 'line é', end: 'line é\n', whole: length, lines: big / 8, odd: 0, given: length, rows: big / 16, row: `row ${String(big / 16 - 1).padStart(10)}` });
  });

  it('cannot be forged: an id that was made up leads to nothing', async () => {
    const { outcome } = await run("const value = await mcp.test.forger({});\nreturn [await value.text().catch((error) => error.code), await mcp.test.text({}).then(() => mcp.test.length({ text: { $handle: 'v_1' } })).catch((error) => error.message)];");
    expect(outcome.result).toEqual(['invalid-input', 'There is no such value in this program.']);
  });
});

describe('text that is larger than an argument or a result may be', () => {
  it('is handed to the host in pieces, and is whole as argument and as result', async () => {
    const { outcome, events } = await run(`
      const letters = 'é\\u0000\\ud83d\\ude00x';
      const text = letters.repeat(${big / 8});
      const value = await bigValue(text);
      async function* lines() { for (let i = 0; i < 100000; i++) yield 'row ' + i + '\\n'; }
      const rows = await bigValue(lines());
      await workspace.writeFile('rows.txt', rows);
      return { length: value.length, given: await mcp.test.length({ text: value }), same: (await value.slice(500000, 560000)) === text.slice(500000, 560000), empty: (await bigValue('')).length, lines: (await workspace.readFile('rows.txt').then((all) => typeof all === 'string' ? all : all.text())).split('\\n').length, rows, value };`, ['fs.write rows.txt', 'fs.read rows.txt']);
    const rows = Array.from({ length: 100_000 }, (_, i) => `row ${i}\n`).join('');
    expect(outcome.error).toBeUndefined();
    const { rows: given, value, ...rest } = outcome.result as { readonly rows: string; readonly value: string };
    expect(rest).toEqual({ length: (big / 8) * 5, given: (big / 8) * 5, same: true, empty: 0, lines: 100_001 });
    expect([given === rows, value === 'é\u0000\ud83d\ude00x'.repeat(big / 8)]).toEqual([true, true]);
    // What is on record of it is a blob, not the text.
    expect(JSON.stringify(events).length).toBeLessThan(1024 * 1024);
  });

  it('has an end, and so does what it is made of', async () => {
    const { outcome } = await run(`
      const piece = 'x'.repeat(1024 * 1024);
      function* endless() { for (;;) yield piece; }
      return [await bigValue(endless()).catch((error) => [error.code, error.message.includes('large values')]), await bigValue([1]).catch((error) => error.name), await bigValue().catch((error) => error.name)];`);
    expect(outcome.result).toEqual([['budget-exceeded', true], 'TypeError', 'TypeError']);
  });

  it('is needed: as it is, it ends the program with the name of the limit', async () => {
    const { outcome } = await run(`await workspace.writeFile('x.txt', 'x'.repeat(${big}));`, ['fs.write x.txt']);
    expect(outcome.error).toMatchObject({ code: 'sandbox-limit', data: { limit: 'outputBytes' }, hint: expect.stringContaining('bigValue') as string });
  });
});

describe('results', () => {
  it('are held against what the tool promises', async () => {
    const { outcome } = await run("return [await mcp.test.liar({ n: 1 }), await mcp.test.liar({ n: 'one' }).catch((error) => [error.code, error.message])];");
    expect(outcome.result).toEqual([{ n: 1 }, ['invalid-output', expect.stringContaining('result.n')]]);
  });
});

describe('an AbortSignal of the program', () => {
  let server: Server;
  const closed = Promise.withResolvers<void>();
  beforeAll(async () => {
    const arrived = Promise.withResolvers<void>();
    server = createServer((request, response) => {
      if (request.url === '/arrived') void arrived.promise.then(() => response.end());
      else {
        arrived.resolve();
        response.once('close', () => closed.resolve());
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void server.close());

  it('ends the call of the host, and the program goes on', async () => {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { outcome, of } = await run(`
      const controller = new AbortController();
      const waiting = http.get('${origin}/', { signal: controller.signal }).catch((error) => error.message);
      await http.get('${origin}/arrived');
      controller.abort(new Error('enough'));
      const late = await waiting;
      const never = await http.get('${origin}/', { signal: AbortSignal.abort('at once') }).catch((reason) => reason);
      return [late, never];`, [`net ${origin}`]);
    expect(outcome).toMatchObject({ state: 'done', result: ['enough', 'at once'] });
    await closed.promise;
    const starts = of('step.started').filter(({ kind }) => kind === 'http');
    expect(of('step.ended').filter(({ step }) => starts.some((start) => start.step === step)).map(({ status }) => status).sort()).toEqual(['cancelled', 'ok']);
  });
});

describe('a deterministic run', () => {
  it('has the same clock and the same random numbers each time, whatever is granted', async () => {
    const body = 'return [Date.now(), new Date().toISOString(), Math.random(), Math.random(), performance.now()];';
    const [one, two, real] = [await run(body, ['clock', 'random'], { deterministic: true }), await run(body, [], { deterministic: true }), await run(body, ['clock', 'random'])];
    expect(one.outcome.result).toEqual(two.outcome.result);
    expect(one.outcome.result).toEqual([946684800000, '2000-01-01T00:00:00.000Z', expect.any(Number), expect.any(Number), 0]);
    expect(real.outcome.result).not.toEqual(one.outcome.result);
  });
});
