import { describe, expect, it } from 'vitest';
import { CommandLine } from './command-line.ts';

const files = {
  'src/draw.ts': 'export const draw = (max: number) => [Date.now(), Math.floor(Math.random() * max)];\nexport const handler = (event: { n: number }) => event.n;\n',
  '.assassin/chains/lottery.ts': "export const meta = { description: 'Lottery', grants: ['clock', 'random'] };\nexport default ({ max }: { max: number }) => [Date.now(), Math.floor(Math.random() * max)];\n",
};

describe('runs again', () => {
  it('gives a deterministic run the clock and the random numbers that it had, and the input', async () => {
    using line = new CommandLine(files);
    for (const first of [['run', 'lottery', '--input', '{"max":1000000}'], ['fn', 'run', 'src/draw.ts#draw', '--input', '[1000000]', '--allow', 'clock']]) {
      const { document } = await line.json([...first, '--deterministic']);
      const again = await line.json(['runs', 'again', document.run]);
      expect(again.code).toBe(0);
      expect(again.document.run).not.toBe(document.run);
      expect(again.document.result).toEqual(document.result);
      const twice = await line.json(['runs', 'again', again.document.run]);
      expect(twice.document.result).toEqual(document.result);
    }
  }, 60_000);

  it('runs any other once more with its input, in the time that it is then', async () => {
    using line = new CommandLine(files);
    const first = await line.json(['run', 'lottery', '--input', '{"max":1000000}']);
    const again = await line.json(['runs', 'again', first.document.run]);
    const [then, now] = [first, again].map(({ document }) => (document.result as readonly number[])[0]!);
    expect(now).toBeGreaterThan(then!);
    const event = await line.json(['fn', 'run', 'src/draw.ts#handler', '--input', '{"n":7}']);
    expect((await line.json(['runs', 'again', event.document.run])).document.result).toBe(7);
  }, 60_000);

  it('says what cannot be run again', async () => {
    using line = new CommandLine(files);
    expect(await line.json(['runs', 'again', 'run_nothing'])).toMatchObject({ code: 2, document: { error: { code: 'run-not-found' } } });
  });
});
