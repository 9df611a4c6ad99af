import { describe, expect, it } from 'vitest';
import { commitPrompt, messageIn } from '../../../src/vscode/editing/commit-prompt.ts';

describe('the message of a commit', () => {
  it.each([
    ['Count rows', 'Count rows'],
    ['```\nCount rows\n\nBecause.\n```', 'Count rows\n\nBecause.'],
    ['```text\nCount', 'Count'],
    ['"Count rows"', 'Count rows'],
    ['  Count "rows"\n', 'Count "rows"'],
  ])('%j is told as %j', (answer, message) => expect(messageIn(answer)).toBe(message));

  it('is asked for with what the person has begun', () => {
    expect(commitPrompt('diff --git a/a b/a', 'Fix the')).toContain('keep what it says:\nFix the\n');
    expect(commitPrompt('diff --git a/a b/a', ' ')).not.toContain('has begun');
  });

  it('learns of every file of a diff that is too long, and says what is left out', () => {
    const file = (name: string, size: number) => `diff --git a/${name} b/${name}\n${'+x\n'.repeat(size)}`;
    const prompt = commitPrompt(file('long', 50_000) + file('last', 3), '');
    expect(prompt.length).toBeLessThan(70_000);
    expect(prompt).toContain('b/last');
    expect(prompt).toMatch(/more characters of this file/);
  });
});
