import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from './sources.ts';

const page = readFileSync('docs/security-review.md', 'utf8');
const paths = [...page.matchAll(/`((?:src|test)\/[\w./-]+\.\w+)`/g)].map(([, path = '']) => path);

describe('the guide to a security review', () => {
  it('names files that exist, each once', () => {
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('leads to what can be read in an hour: at fifty lines a minute with all comments, and time to think', () => {
    const lines = paths.filter((path) => path.endsWith('.ts')).reduce((sum, path) => sum + readFileSync(path, 'utf8').split('\n').length, 0);
    expect(lines).toBeLessThan(3000);
    expect(sourceFiles('src/policy').length).toBeGreaterThan(20);
  });
});
