import { describe, expect, it } from 'vitest';
import { isSecretFile } from '../../../src/policy/secret-files.ts';
import { outlineOf, relevantFiles } from '../../../src/workspace/context/outline.ts';
import { TokenBudget } from '../../../src/workspace/context/token-budget.ts';
import { holdsFor, instructionFiles, parseRule } from '../../../src/workspace/instructions.ts';

describe('instruction files', () => {
  const files = ['AGENTS.md', 'CLAUDE.md', 'src/AGENTS.md', 'src/ui/AGENTS.md', 'docs/AGENTS.md', '.github/copilot-instructions.md', '.github/instructions/tests.instructions.md', '.cursor/rules/style.mdc', 'src/x.ts'];
  const paths = (touched: readonly string[]) => instructionFiles(files, touched).map(({ path }) => path);

  it('go from the top to the nearest of the files that are worked on, so that the nearest has the last word', () => {
    expect(paths(['src/ui/button.ts'])).toEqual(['AGENTS.md', 'CLAUDE.md', '.github/copilot-instructions.md', 'src/AGENTS.md', 'src/ui/AGENTS.md', '.cursor/rules/style.mdc', '.github/instructions/tests.instructions.md']);
  });

  it('of other folders are left out', () => {
    expect(paths([])).not.toContain('src/AGENTS.md');
    expect(paths(['src/x.ts'])).not.toContain('docs/AGENTS.md');
  });
});

describe('a rule', () => {
  it('with globs holds for files that fit them, also with braces and lists', () => {
    const rule = parseRule('---\ndescription: "Tests"\nglobs: src/**/*.{ts,tsx}, *.md\nalwaysApply: false\n---\nBe brief.\n');
    expect(rule).toEqual({ text: 'Be brief.\n', description: 'Tests', globs: ['src/**/*.{ts,tsx}', '*.md'], always: false });
    expect(holdsFor(rule, ['src/a/b.tsx'])).toBe(true);
    expect(holdsFor(rule, ['docs/x.md'])).toBe(true);
    expect(holdsFor(rule, ['src/a/b.css'])).toBe(false);
    expect(holdsFor(rule, [])).toBe(false);
    expect(parseRule('---\nglobs:\n  - "a/*.ts"\n  - b.ts\n---\nx').globs).toEqual(['a/*.ts', 'b.ts']);
  });

  it('holds always where it says so, applies to everything, or has no head', () => {
    for (const text of ['---\nalwaysApply: true\nglobs: x\n---\nx', "---\napplyTo: '**'\n---\nx", 'x', '---\nnot closed']) expect(holdsFor(parseRule(text), [])).toBe(true);
    expect(holdsFor(parseRule('---\ndescription: Only when asked\n---\nx'), ['a.ts'])).toBe(false);
  });
});

describe('a budget of tokens', () => {
  it('gives parts until it is used up, and what was cut says so and stays inside', () => {
    const budget = new TokenBudget(1000);
    expect(budget.take('x'.repeat(400))).toEqual({ text: 'x'.repeat(400), tokens: 100, ofTokens: 100 });
    const cut = budget.take('y'.repeat(40_000), 500)!;
    expect(cut.tokens).toBeLessThanOrEqual(500);
    expect(cut).toMatchObject({ ofTokens: 10_000, text: expect.stringMatching(/y\n\[\.\.\. cut: \d+ of 40000 characters \.\.\.\]$/) as string });
    budget.take('z'.repeat(40_000));
    expect(budget.left).toBeGreaterThanOrEqual(0);
    expect(budget.take('w'.repeat(40_000))).toBeUndefined();
  });

  it('never cuts a character in two', () => {
    for (let size = 60; size < 70; size++) expect(new TokenBudget(size).take('😀'.repeat(500))?.text ?? '').not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });
});

describe('the outline of a workspace', () => {
  const files = ['README.md', 'package.json', ...Array.from({ length: 300 }, (_, i) => `src/part${i}/index.ts`), 'src/cart/checkout.ts', 'src/shoppingCart.ts'];

  it('names files that share rare words with the task', () => {
    expect(relevantFiles('The carts count wrong at the checkout', files).slice(0, 2)).toEqual(['src/cart/checkout.ts', 'src/shoppingCart.ts']);
    expect(relevantFiles('Say hello', files)).toEqual([]);
  });

  it('names every file of a small workspace, so that no turn is spent on listing it', () => {
    expect(outlineOf('cart', ['package.json', 'src/cart.js', 'test/cart.test.js'], false)).toBe('3 files: package.json, src/cart.js, test/cart.test.js');
    expect(outlineOf('cart', ['a.ts'], false)).toBe('1 file: a.ts');
    expect(outlineOf('cart', ['a.ts'], true)).toContain('More than 1 files.');
    expect(outlineOf('cart', Array.from({ length: 30 }, (_, i) => `${'long/'.repeat(20)}${i}.ts`), false)).toContain('Folders, with the number of files below');
  });

  it('stays short whatever the workspace holds', () => {
    const outline = outlineOf('cart', files, false);
    expect(outline).toContain('304 files. At the top: README.md, package.json.');
    expect(outline).toContain('src 302');
    expect(outline.length).toBeLessThan(4000);
  });
});

describe('files that hold secrets', () => {
  it.each(['/w/.env', '/w/.env.local', '/w/prod.env', '/w/.npmrc', '/w/id_rsa', '/w/certs/server.KEY', '/home/x/.ssh/config', '/w/.aws/credentials', '/w/.git/config', '/w/secrets.yaml', 'C:\\w\\.ssh\\id'])('%s is one', (path) => {
    expect(isSecretFile(path)).toBe(true);
  });
  it.each(['/w/.env.example', '/w/src/env.ts', '/w/keyboard.ts', '/w/src/secret-files.ts', '/w/.gitignore', '/w/docs/credentials.md'])('%s is none', (path) => {
    expect(isSecretFile(path)).toBe(false);
  });
});
