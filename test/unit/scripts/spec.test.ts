import { describe, expect, it } from 'vitest';
import { Spec, type TestResult } from '../../vscode/harness/spec.ts';

/** A file that fails in its second test of three, and one that does not. */
function declared(): Spec<void> {
  const spec = new Spec<void>();
  spec.inFile('first');
  spec.describe('first', () => {
    spec.it('begins', () => undefined);
    spec.describe('deeper', () => spec.it('breaks', () => { throw new Error('broken', { cause: new Error('the reason') }); }));
    spec.it('goes on', () => undefined);
  });
  spec.describe('more of it', () => spec.it('comes later', () => undefined));
  spec.inFile('second');
  spec.describe('second', () => spec.it('is fine', () => undefined));
  return spec;
}

const told = (results: readonly TestResult[]) => results.map(({ name, status, file }) => `${file}: ${name} ${status}`);

describe('the tests of the editor', () => {
  it('are all run, and know their file', async () => {
    expect(told(await declared().run())).toEqual([
      'first: first > begins passed', 'first: first > deeper > breaks failed', 'first: first > goes on passed', 'first: more of it > comes later passed', 'second: second > is fine passed',
    ]);
  });

  it('of a file that is going to be run again end with its first failure, and those of other files go on', async () => {
    expect(told(await declared().run(undefined, { stopAtFailure: true }))).toEqual(['first: first > begins passed', 'first: first > deeper > breaks failed', 'second: second > is fine passed']);
  });

  it('say why, with what was behind it', async () => {
    const failed = (await declared().run()).find(({ status }) => status === 'failed');
    expect(failed?.error).toMatch(/^Error: broken\n[^]*Caused by: the reason$/);
  });

  it('whose hook fails have failed, and what has to be cleaned up is', async () => {
    const spec = new Spec<void>();
    let cleaned = false;
    spec.describe('a group', () => {
      spec.before(() => { throw new Error('no ground'); });
      spec.after(() => { cleaned = true; });
      spec.it('is never run', () => undefined);
    });
    expect((await spec.run(undefined, { stopAtFailure: true })).map(({ name, status }) => `${name} ${status}`)).toEqual(['a group > (before) failed']);
    expect(cleaned).toBe(true);
  });
});
