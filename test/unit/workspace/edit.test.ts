import { describe, expect, it } from 'vitest';
import { applyEdits, type Edit, type EditOutcome } from '../../../src/workspace/edit.ts';

const one = (text: string, oldText: string, newText: string, more: Partial<Edit> = {}): EditOutcome => applyEdits(text, [{ oldText, newText, ...more }]);

describe('edits', () => {
  it('replace a text in the one place where it stands, and say on which line', () => {
    expect(one('a\nb\nc\n', 'b', 'B')).toEqual({ ok: true, text: 'a\nB\nc\n', applied: [{ how: 'exact', line: 2, places: 1 }] });
  });

  it('take $ and \\ in the new text literally', () => {
    expect(one('x', 'x', '$& $1 \\n')).toMatchObject({ text: '$& $1 \\n' });
  });

  it('refuse a text that stands in several places, unless all are meant', () => {
    expect(one('a\nb\na\n', 'a', 'A')).toMatchObject({ ok: false, failures: [{ edit: 1, reason: expect.stringContaining('2 places (lines 1, 3)') as string }] });
    expect(one('a\nb\na\n', 'a', 'A', { all: true })).toMatchObject({ ok: true, text: 'A\nb\nA\n', applied: [{ places: 2 }] });
  });

  it('keep Windows line ends and the byte order mark, whatever the edit was written with', () => {
    expect(one('\ufeffone\r\ntwo\r\nthree\r\n', 'one\ntwo', 'uno\ndos')).toMatchObject({ ok: true, text: '\ufeffuno\r\ndos\r\nthree\r\n' });
    expect(one('one\ntwo\n', 'one\r\ntwo', 'uno\r\ndos')).toMatchObject({ ok: true, text: 'uno\ndos\n' });
  });

  it('find lines that differ in white space only, and write in the indentation of the file', () => {
    const file = 'class A {\n\tmethod() {\n\t\treturn  1;\n\t}\n}\n';
    expect(one(file, '  method() {\n    return 1;\n  }', '  method() {\n    return 2;\n  }')).toMatchObject({
      ok: true, applied: [{ how: 'whitespace', line: 2 }], text: 'class A {\n\tmethod() {\n\t  return 2;\n\t}\n}\n',
    });
  });

  it('leave lines alone that the new text did not mean to change', () => {
    const result = one('if (x)   {\n  go();\n}   \n', 'if (x) {\n  go();\n}', 'if (x) {\n  stop();\n}');
    expect(result).toMatchObject({ text: 'if (x)   {\n  stop();\n}   \n' });
  });

  it('do not give a last line a line end that it never had', () => {
    expect(one('a {\n  b\n}', 'a  {\n b\n}', 'a {\n c\n}')).toMatchObject({ text: expect.stringMatching(/c\n}$/) as string });
  });

  it('refuse lines that stand in several places apart from white space', () => {
    expect(one('  go( 1 );\nx\n\tgo( 1 );\n', 'go(  1 );', 'stop();')).toMatchObject({ ok: false, failures: [{ reason: expect.stringContaining('lines 1, 3') as string }] });
  });

  it('find a block by its first and last line where most between them is the same', () => {
    const file = 'function f() {\n  const a = 1;\n  const b = 2;\n  const c = 3;\n  return a + b;\n}\nend\n';
    const old = 'function f() {\n  const a = 1;\n  const b = 22;\n  const c = 3;\n  return a + b;\n}';
    expect(one(file, old, 'function f() {\n  return 3;\n}')).toEqual({ ok: true, text: 'function f() {\n  return 3;\n}\nend\n', applied: [{ how: 'anchored', line: 1, places: 1 }] });
  });

  it('do not take a block for another one that merely begins and ends alike', () => {
    const file = 'function f() {\n  one();\n  two();\n  three();\n}\n';
    expect(one(file, 'function f() {\n  alpha();\n  beta();\n  gamma();\n}', 'x')).toMatchObject({ ok: false });
  });

  it('say what is nearest where nothing is found, with line numbers', () => {
    const file = 'import a\n\nexport function total(rows) {\n  return rows.length;\n}\n';
    expect(one(file, 'export function total(items) {\n  return items.size;\n}', 'x')).toMatchObject({
      ok: false, failures: [{ edit: 1, nearest: { line: 3, text: '3: export function total(rows) {\n4:   return rows.length;\n5: }' } }],
    });
  });

  it('say what is nearest in a file of 20,000 lines from a few places of it, and hold up nothing for long', () => {
    const lineOf = (i: number) => `    const value_${i % 977} = await this.fetch(options.url + '/${i}', { method: 'GET', retries: ${i % 7}, headers: base.headers });`;
    const file = Array.from({ length: 20_000 }, (_, i) => lineOf(i)).join('\n');
    const wrong = Array.from({ length: 40 }, (_, i) => lineOf(15_000 + i).replace('await', 'wait')).join('\n');
    const before = process.cpuUsage();
    const result = applyEdits(file, Array.from({ length: 10 }, () => ({ oldText: wrong, newText: 'x' })));
    const { user } = process.cpuUsage(before);
    expect(result).toMatchObject({ ok: false });
    expect(result.ok ? [] : result.failures.map(({ nearest }) => nearest?.line)).toEqual(Array.from({ length: 10 }, () => 15_001));
    // Ten of them took four seconds: all lines of the file were worked out and compared anew for each.
    expect(user / 1000).toBeLessThan(1500);
  });

  it('say what is nearest where the file is large and its lines are of few words', () => {
    const file = `${'  }\n'.repeat(3000)}export function total(rows) {\n  return rows.length;\n}\n${'  }\n'.repeat(3000)}`;
    expect(one(file, `export function total(items) {\n  return items.length;\n}${'\n}'.repeat(4)}`, 'x')).toMatchObject({ ok: false, failures: [{ nearest: { line: 3001 } }] });
  });

  it('are applied all or none, and name each one that fails', () => {
    const result = applyEdits('a\nb\n', [{ oldText: 'a', newText: 'A' }, { oldText: 'nowhere at all', newText: '' }, { oldText: 'also not', newText: '' }]);
    expect(result).toMatchObject({ ok: false, failures: [{ edit: 2 }, { edit: 3 }] });
  });

  it('fill an empty file, but never replace one by accident', () => {
    expect(one('', '', 'new\n')).toMatchObject({ ok: true, text: 'new\n' });
    expect(one('old', '', 'new')).toMatchObject({ ok: false });
  });

  it('come to an end on a text of one enormous line', () => {
    expect(one('x'.repeat(1_000_000), 'y', 'z')).toMatchObject({ ok: false });
  });
});
