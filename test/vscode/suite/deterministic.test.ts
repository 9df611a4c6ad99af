import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { command, ended, resultOf, writeFile } from './recorded.ts';
import { describe, it } from './spec.ts';

const body = '[Date.now(), Math.random(), crypto.randomUUID === undefined]';
const year2000 = Date.UTC(2000, 0, 1);

async function resultsOf(run: () => Thenable<unknown>): Promise<readonly unknown[]> {
  const results: unknown[] = [];
  for (let i = 0; i < 2; i++) {
    const { id, error } = await ended(await run());
    assert.equal(error?.message, undefined);
    results.push(resultOf(id));
  }
  return results;
}

describe('a run with a fixed clock and random numbers', () => {
  it('of a chain gives the same each time, whatever is granted; another run does not', async () => {
    const uri = await writeFile('.assassin/chains/lottery.ts', `export const meta = { description: 'Lottery', grants: ['clock', 'random'] };\nexport default () => ${body};\n`);
    try {
      const [first, second] = await resultsOf(() => command('runDeterministic', uri));
      assert.deepEqual(first, second);
      assert.equal((first as readonly unknown[])[0], year2000);
      const again = await ended(await command('runAgain', (await ended(await command('runDeterministic', uri))).id));
      assert.deepEqual(resultOf(again.id), first);
      const [one, other] = await resultsOf(() => command('runChain', uri));
      assert.notDeepEqual(one, other);
    } finally {
      await vscode.workspace.fs.delete(uri);
    }
  });

  it('of a function gives the same each time', async () => {
    const uri = await writeFile('src/lottery.ts', `export const draw = () => ${body};\n`);
    try {
      const target = { uri, name: 'draw', hasParameters: false };
      const [first, second] = await resultsOf(() => command('runDeterministic', target));
      assert.deepEqual(first, second);
      assert.equal((first as readonly unknown[])[0], year2000);
      assert.notEqual(((await resultsOf(() => command('runFunction', target)))[0] as readonly unknown[])[0], year2000);
    } finally {
      await vscode.workspace.fs.delete(uri);
    }
  });
});
