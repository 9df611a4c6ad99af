import { describe, expect, it } from 'vitest';
import { readAgent } from '../../../../src/agent/team/agent-file.ts';
import { patternProblems } from '../../../../src/agent/team/pattern-problems.ts';

const read = (name: string, text: string) => readAgent({ path: `.assassin/agents/${name}.md`, text }, '/w');
const writer = read('writer', '---\ndescription: Writes\n---\nYou write.\n');
const file = '.assassin/agents/pair.md';

describe('an agent that a pattern names and nobody wrote', () => {
  it('is told where the file names it first, each once', () => {
    const pair = read('pair', '---\ndescription: Both\npattern: chain\nagents:\n  - writer\n  - writr\n  - judge\n  - writr\n---\n');
    expect(patternProblems([writer, pair]).map(({ message, location }) => ({ name: /agent "(\w+)"/.exec(message)?.[1], location }))).toEqual([
      { name: 'writr', location: { file, line: 6, column: 5 } },
      { name: 'judge', location: { file, line: 7, column: 5 } },
    ]);
  });

  it('has its own column in a list of one line', () => {
    const pair = read('pair', '---\ndescription: Both\npattern: chain\nagents: [writer, writr]\n---\n');
    expect(patternProblems([writer, pair])).toMatchObject([{ location: { file, line: 4, column: 18 } }]);
  });

  it('is none where each is there, or is the built-in helper', () => {
    expect(patternProblems([writer, read('pair', '---\ndescription: Both\npattern: chain\nagents: [writer, helper]\n---\n')])).toEqual([]);
  });
});
