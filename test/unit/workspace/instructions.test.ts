import { describe, expect, it } from 'vitest';
import { isSecretFile } from '../../../src/policy/secret-files.ts';
import { fitFiles, mentionsIn } from '../../../src/workspace/instructions.ts';

describe('files that a person mentions', () => {
  it('are found by their @, with folders, dots and quotes, each once', () => {
    expect(mentionsIn('Compare @src/a.ts and (@b.md), then @"my notes.txt", @src/a.ts. Mail me@example.com.')).toEqual(['src/a.ts', 'b.md', 'my notes.txt']);
  });
});

describe('files for the context', () => {
  const file = (path: string, length: number, letter = path[0]!) => ({ path, text: letter.repeat(length) });

  it('fit into their budget in order; what is cut says how much there was', () => {
    const chosen = fitFiles([file('a', 50), file('b', 500), file('c', 500)], { total: 200, each: 100 });
    expect(chosen.map(({ path, text, whole }) => [path, text.length, whole])).toEqual([['a', 50, 50], ['b', 100, 500], ['c', 50, 500]]);
  });

  it('count once where two have the same content, and not at all where they are empty', () => {
    expect(fitFiles([file('AGENTS.md', 10, 'x'), file('CLAUDE.md', 10, 'x'), file('e', 0)], { total: 100, each: 100 }).map(({ path }) => path)).toEqual(['AGENTS.md']);
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
