import { describe, expect, it } from 'vitest';
import { programFailure } from '../../../src/chains/program-failure.ts';
import { SourcePositions } from '../../../src/chains/source-positions.ts';
import { stripTypes } from '../../../src/chains/strip-types.ts';
import { AssassinError } from '../../../src/shared/errors.ts';

/** Fails in `source` at the place that is marked with `^`, in the frame `depth`. */
async function failAt(source: string, depth: number, error = new AssassinError('chain-failed', 'boom')) {
  const { code, positions } = await stripTypes(source.replace('^', ''), 'a.ts');
  const marked = (await stripTypes(source.replace('^', '/*^*/'), 'a.ts')).code.split('/*^*/')[0]!.split('\n');
  const ours = Array.from({ length: depth }, () => ({ module: 'assassin', line: 1, column: 1 }));
  const stack = [...ours, { module: 'a.ts', line: marked.length, column: marked.at(-1)!.length + 1, function: 'f' }, { module: 'assassin:entry', line: 1, column: 1 }];
  const failure = new AssassinError(error.code, error.message, { data: { name: 'Error', stack }, cause: error.cause });
  return programFailure(failure, { modules: new Map([['a.ts', code]]), positions: new SourcePositions(new Map([['a.ts', positions]])) });
}

describe('the error of a program', () => {
  it.each([
    ['a call that failed', 'const r: number = await ws.write(a as string, ^b);', 1, 25],
    ['the call inside another one', 'outer(x as any, inner(^y), 2);', 1, 17],
    ['the outer call after the inner one', 'outer(inner(y) as number, ^z);', 1, 1],
    ['a call over several lines', 'const a: T = foo({\n  b: 1,\n  c: ^d,\n});', 1, 14],
    ['the place where an error was made', 'if (a) throw new Error(`x` + (row as Row).^price);', 0, 14],
    ['what is not a call in the innermost frame', 'foo(a as any, b.^c);', 0, 17],
  ] as const)('points to the beginning of %s', async (_what, source, depth, column) => {
    const error = await failAt(source, depth);
    expect(error).toMatchObject({ code: 'chain-failed', message: 'boom', location: { file: 'a.ts', line: 1, column }, data: { name: 'Error', stack: [`at f (a.ts:1:${column})`] } });
  });

  it('keeps code, hint and data of a call that failed', async () => {
    const cause = new AssassinError('denied', 'Not allowed.', { hint: 'Grant it.', data: { action: 'browser' } });
    expect(await failAt('foo(^a);', 1, new AssassinError('chain-failed', 'x', { cause }))).toMatchObject({
      code: 'denied', message: 'Not allowed.', hint: 'Grant it.', location: { line: 1, column: 1 }, data: { action: 'browser', stack: ['at f (a.ts:1:1)'] },
    });
  });

  it('without a stack, and what is no error of ours, stays as it is', async () => {
    const code = { modules: new Map(), positions: new SourcePositions(new Map()) };
    for (const error of [new AssassinError('sandbox-limit', 'x'), new AssassinError('chain-failed', 'x', { data: { stack: 'at a.ts:1:1' } }), new Error('x'), 'x']) {
      expect(await programFailure(error, code)).toBe(error);
    }
  });
});
