import { expect, test } from 'vitest';
import type { RunComparison } from '../../../src/shared/comparison.ts';
import type { RunSummary } from '../../../src/shared/dto.ts';
import { chain, CommandLine } from './command-line.ts';

interface Found {
  readonly items: readonly (RunSummary & { readonly tags: readonly string[]; readonly snippet?: string })[];
}

const sum = chain("return { sum: input.a + input.b, text: 'plums' };", { tags: ['sums', 'nightly'] });
const broken = chain("throw new Error('No pears today');");

test('runs are tagged by chains and by hand, found by filters and words, and compared', async () => {
  using cli = new CommandLine({ '.assassin/chains/sum.ts': sum, '.assassin/chains/broken.ts': broken });
  const runs = ['{"a":1,"b":2}', '{"a":2,"b":3}'].map((input) => ['run', 'sum', '--input', input]);
  const [a, b] = [(await cli.json(runs[0]!)).document.run, (await cli.json(runs[1]!)).document.run];
  const failed = (await cli.json(['run', 'broken'])).document.run;
  const found = async (...args: readonly string[]) => (await cli.json<Found>(['runs', 'search', ...args])).document.items.map(({ id }) => id);

  expect(await found('--state', 'failed')).toEqual([failed]);
  expect(await found('--tag', 'nightly', 'sums', '--since', '1h')).toEqual([b, a]);
  expect(await found('--state', 'failed', 'done', '--kind', 'chain', 'task', '--min-time', '0s')).toEqual([failed, b, a]);
  expect(await found('plums', '--kind', 'chain', '--max-cost', '0', '--limit', '1')).toEqual([b]);
  expect((await cli.json(['runs', 'tag', a, 'kept', '--remove', 'sums'])).document).toEqual({ run: a, tags: ['kept', 'nightly'] });
  expect((await cli.run(['runs', 'search', 'kept'])).stdout).toContain('kept, nightly');

  const compared = (await cli.json<RunComparison & { readonly results: readonly string[] }>(['runs', 'compare', a, b])).document;
  expect(compared).toMatchObject({ a: { id: a, costMark: 'measured' }, b: { id: b }, sameResult: false });
  expect(compared.results.map((text) => (JSON.parse(text) as { sum: number }).sum)).toEqual([3, 5]);
  expect((await cli.run(['runs', 'compare', a, b, '--different'])).stdout).toMatch(/- {3}"sum": 3,?\n\+ {3}"sum": 5/);
// A dozen programs, one after the other.
}, 240_000);

test('what cannot be looked for, tagged or compared is named', async () => {
  using cli = new CommandLine({});
  for (const [args, message] of [
    [['runs', 'search'], 'Nothing was given to look for.'],
    [['runs', 'search', '--since', 'soon'], '"soon" is no time for --since.'],
    [['runs', 'compare', 'run_x', 'run_y'], 'There is no run run_x.'],
  ] as const) {
    const { code, stderr } = await cli.run(args);
    expect(code).not.toBe(0);
    expect(stderr.replace(/\s+/g, ' ')).toContain(message);
  }
  expect((await cli.json(['runs', 'sessions'])).document).toEqual({ items: [] });
});
