import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../../scripts/lib/paths.mjs';

const text = readFileSync(inRoot('docs', 'threat-model.md'), 'utf8');
const boundaries = text.slice(text.indexOf('\n## Boundaries'), text.indexOf('\n## What does not hold'));
/** Threat, what holds it, what shows it. */
const rows = boundaries.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| threat |') && !line.startsWith('| ---')).map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()));
const testsIn = (cell: string): readonly string[] => [...cell.matchAll(/`(test\/[^`]+)`/g)].flatMap(([, path]) => path ?? []);

describe('the threat model', () => {
  it('has a row for each threat, with what holds it and what shows it', () => {
    expect(rows.length).toBeGreaterThan(30);
    for (const row of rows) expect(row.filter((cell) => cell.length > 3), row.join(' | ')).toHaveLength(3);
  });

  it('names for each threat a test that there is', () => {
    const missing = rows.flatMap(([threat = '', , shown = '']) => {
      const tests = testsIn(shown);
      // "The same" is the test of the row above.
      if (tests.length === 0 && shown !== 'the same') return [`${threat}: none`];
      return tests.filter((path) => !existsSync(inRoot(...path.split('/')))).map((path) => `${threat}: ${path}`);
    });
    expect(missing).toEqual([]);
    expect(rows[0]?.[2]).not.toBe('the same');
  });

  it('names tests that test something: each has a case in it', () => {
    for (const path of new Set(rows.flatMap(([, , shown = '']) => testsIn(shown)))) {
      if (path.endsWith('.ts')) expect(readFileSync(inRoot(...path.split('/')), 'utf8'), path).toMatch(/\b(?:it|test)(?:\.\w+)*\(/);
    }
  });

  it('says what does not hold', () => expect(text.slice(text.indexOf('\n## What does not hold')).split('\n- ').length).toBeGreaterThan(5));
});
