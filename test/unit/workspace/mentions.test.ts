import { describe, expect, it } from 'vitest';
import { completeMention } from '../../../src/workspace/context/complete-mention.ts';
import { parseMentions } from '../../../src/workspace/context/mentions.ts';

const found = (text: string) => parseMentions(text).map(({ start, end, ...mention }) => [text.slice(start, end), mention]);

describe('mentions in a task', () => {
  it('are found with their kinds, lines, quotes and places', () => {
    expect(found('Compare @file:src/a.ts:10-20 with @"my notes.txt":5, @folder:src and (@b.md). See @url:https://example.com/a?b=(c).')).toEqual([
      ['@file:src/a.ts:10-20', { kind: 'file', path: 'src/a.ts', from: 10, to: 20, plain: false }],
      ['@"my notes.txt":5', { kind: 'file', path: 'my notes.txt', from: 5, to: 5, plain: true }],
      ['@folder:src', { kind: 'folder', path: 'src' }],
      ['@b.md', { kind: 'file', path: 'b.md', plain: true }],
      ['@url:https://example.com/a?b=(c', { kind: 'url', url: 'https://example.com/a?b=(c' }],
    ]);
  });

  it.each([
    ['Fix @problems in @selection.', ['problems', 'selection']],
    ['@problems:src/a.ts', ['problems']],
    ['@diff, then @diff:main', ['diff', 'diff']],
    ['@terminal', ['terminal']],
    ['@run:r_1 again', ['run']],
  ])('%s', (text, kinds) => {
    expect(parseMentions(text).map(({ kind }) => kind)).toEqual(kinds);
  });

  it.each(['me@example.com', String.raw`a \@file:x`, '@', 'x @ y', '@"open', '@file:""', '@url:nonsense', '@selection:x', 'a@b'])('are not in %s', (text) => {
    expect(parseMentions(text)).toEqual([]);
  });

  it('keep quotes and backslashes of a path in quotes', () => {
    expect(parseMentions(String.raw`@file:"a \"b\" \\ c.ts"`)).toMatchObject([{ path: String.raw`a "b" \ c.ts` }]);
  });

  it('never have a last line before the first, and no line 0', () => {
    expect(parseMentions('@a.ts:9-3 @b.ts:0')).toMatchObject([{ from: 9, to: 9 }, { from: 1, to: 1 }]);
  });

  it('take words that begin like a kind for paths', () => {
    expect(parseMentions('@files.md @diff.txt @runner')).toMatchObject([{ kind: 'file', path: 'files.md' }, { kind: 'file', path: 'diff.txt' }, { kind: 'file', path: 'runner' }]);
  });

  it('are found in long hostile texts without delay', () => {
    const text = `${'@"'.repeat(20_000)} ${'@a:'.repeat(20_000)} ${'@url:'.repeat(5000)}`;
    expect(parseMentions(text).length).toBeLessThan(10);
  });
});

describe('completion of a mention', () => {
  const sources = {
    files: ['README.md', 'src/cart.ts', 'src/cart.test.ts', 'src/ui/my cart.tsx', 'docs/carts/index.md'],
    runs: [{ id: 'r_2', title: 'Price watch' }, { id: 'r_1', title: 'Crawl' }],
    lacks: (kind: string) => (kind === 'selection' ? 'Works in the editor only' : undefined),
  };
  const complete = (text: string, cursor = text.length) => completeMention(text, cursor, sources);

  it('offers all kinds and files at a bare sign, with what is lacking and why', () => {
    const { from, to, candidates } = complete('Look at @');
    expect([from, to]).toEqual([8, 9]);
    expect(candidates.map(({ label }) => label)).toEqual(expect.arrayContaining(['@file', '@selection', '@run', 'README.md']));
    expect(candidates.find(({ kind }) => kind === 'selection')).toEqual({ insert: '@selection ', label: '@selection', detail: 'Works in the editor only', kind: 'selection', available: false });
    expect(candidates.find(({ label }) => label === '@url')?.insert).toBe('@url:');
  });

  it('ranks names before paths, and quotes what has spaces', () => {
    expect(complete('@file:cart').candidates.map(({ insert }) => insert)).toEqual(['@file:src/cart.ts ', '@file:src/cart.test.ts ', '@file:"src/ui/my cart.tsx" ', '@file:docs/carts/index.md ']);
    expect(complete('@file:"my c').candidates.map(({ label }) => label)).toEqual(['src/ui/my cart.tsx']);
  });

  it('finds folders and runs', () => {
    expect(complete('@folder:s').candidates.map(({ label }) => label)).toEqual(['src', 'src/ui', 'docs/carts', 'docs'].filter((path) => path.includes('s')).sort((a, b) => (a.startsWith('src') ? 0 : 1) - (b.startsWith('src') ? 0 : 1) || a.length - b.length));
    expect(complete('@run:price').candidates).toMatchObject([{ insert: '@run:r_2 ', label: 'Price watch' }]);
  });

  it('replaces the whole of the mention that the cursor is in', () => {
    const text = 'See @file:src/ca and more';
    const { from, to } = complete(text, text.indexOf('/ca') + 2);
    expect(text.slice(from, to)).toBe('@file:src/ca');
  });

  it.each(['mail me@exa', 'no sign', 'ended @src/a.ts now', ''])('offers nothing in %j', (text) => {
    expect(complete(text).candidates).toEqual([]);
  });
});
