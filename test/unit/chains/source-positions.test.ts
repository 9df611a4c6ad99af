import { describe, expect, it } from 'vitest';
import { stripTypes } from '../../../src/chains/strip-types.ts';

const source = `import type { A } from './a.ts';
interface Row { readonly name: string; price?: number }
enum Kind { First, Second }
declare function ambient(x: number): void;
export default async function main<T extends Row>(this: void, input: { rows: Row[] }, ...rest: readonly T[]): Promise<Kind> {
  const first = (input.rows as Row[])[0]!, second = rest.map<number>((row: T): number => row.price!);
  class Box<U> { private readonly kept: U; constructor(public given: U) { this.kept = given; } get(): U { return this.kept!; } }
  const grün: string = '😀' as string; throw new Error((grün as string) + (second satisfies number[]));
  label: for (const x of <number[]>[]) { if (x) break label; }
  return first && new Box<string>(input as never) && Kind.First;
}
`;

/** Words that stand once in a line of the source and once in the same line of the code. */
function uniqueWords(line: string, code: string): readonly string[] {
  const words = [...new Set(line.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [])];
  const count = (text: string, word: string) => [...text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}_$])${word}(?![\\p{L}\\p{N}_$])`, 'gu'))].length;
  return words.filter((word) => count(line, word) === 1 && count(code, word) === 1);
}

describe('positions', () => {
  it('lead from every word of the stripped code to the line and column of the same word in the source', async () => {
    const { code, positions } = await stripTypes(source, 'main.ts');
    const codeLines = code.split('\n');
    const sourceLines = source.split('\n');
    expect(codeLines).toHaveLength(sourceLines.length);
    const checked = sourceLines.flatMap((line, i) => uniqueWords(line, codeLines[i]!).map((word) => {
      expect([word, positions.locate(i + 1, codeLines[i]!.indexOf(word) + 1)]).toEqual([word, { file: 'main.ts', line: i + 1, column: line.indexOf(word) + 1 }]);
      return word;
    }));
    expect(checked.length).toBeGreaterThan(30);
    expect(checked).toEqual(expect.arrayContaining(['main', 'map', 'class', 'throw', 'Error', 'break', 'First']));
  });

  it('keep the line for places that no token of the source stands for', async () => {
    const { positions } = await stripTypes(source, 'main.ts');
    expect(positions.locate(4, 1)).toEqual({ file: 'main.ts', line: 4, column: 1 });
    expect(positions.locate(5, 9999)).toMatchObject({ line: 5 });
    expect(positions.locate(9999, 1)).toEqual({ file: 'main.ts', line: 9999, column: 1 });
  });

  it('are the same in JavaScript', async () => {
    const { code, positions } = await stripTypes('export default 1 < 2 > (3);\n', 'a.js');
    expect(code).toBe('export default 1 < 2 > (3);\n');
    expect(positions.locate(1, 16)).toEqual({ file: 'a.js', line: 1, column: 16 });
  });
});
