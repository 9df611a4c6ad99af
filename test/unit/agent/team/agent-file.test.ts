import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isBrokenAgent, type AgentDefinition } from '../../../../src/agent/team/agent-definition.ts';
import { AgentCatalog } from '../../../../src/agent/team/agent-catalog.ts';
import { readAgent } from '../../../../src/agent/team/agent-file.ts';
import { agentTemplates } from '../../../../src/agent/team/agent-templates.ts';
import { folderTexts } from '../../../../src/workspace/folder-texts.ts';
import { testWorkspace } from '../../../helpers/workspace.ts';

const read = (text: string) => readAgent({ path: '.assassin/agents/reviewer.md', text }, '/w');
const problemsOf = (text: string) => {
  const agent = read(text);
  if (!isBrokenAgent(agent)) throw new Error('It was read.');
  return agent.problems.map(({ message, location, data }) => ({ message, line: location?.line, column: location?.column, field: data?.['field'] }));
};

describe('the file of an agent', () => {
  it('says who it is, what it may use and what it must answer', () => {
    expect(read('---\ndescription: Reads\ntools: [workspace.*]\nmodel: ollama/x\ngrants: ["fs.write a/**"]\noutput: { type: object, required: [ok], properties: { ok: { type: boolean } } }\nbudget: { tokens: 5 }\n---\nYou review.\n')).toEqual<AgentDefinition>({
      name: 'reviewer', path: '.assassin/agents/reviewer.md', description: 'Reads', role: 'You review.', tools: ['workspace.*'], model: 'ollama/x', grants: ['fs.write a/**'],
      output: { type: 'object', required: ['ok'], properties: { ok: { type: 'boolean' } } }, budget: { tokens: 5 }, worktree: false, topics: [],
    });
  });

  it('may be written on Windows, and with a byte order mark', () => {
    expect(read('\ufeff---\r\ndescription: Reads\r\n---\r\nYou review.\r\n')).toMatchObject({ description: 'Reads', role: 'You review.' });
  });

  it('that is no text is listed with what is wrong, and does not hide the others', async () => {
    using workspace = testWorkspace({ '.assassin/agents/good.md': '---\ndescription: Reads\n---\nYou read.\n' });
    writeFileSync(join(workspace.path, '.assassin/agents/odd.md'), new Uint8Array([0xd5, 0, 0x92, 0xff]));
    const catalog = new AgentCatalog({ workspace: workspace.path, files: () => folderTexts(workspace.path, '.assassin/agents', '.md') });
    expect(await catalog.list()).toMatchObject([{ name: 'good', role: 'You read.' }, { name: 'odd', problems: [{ message: '.assassin/agents/odd.md is not UTF-8 text.', location: { file: '.assassin/agents/odd.md' } }] }]);
    await expect(catalog.find('odd')).rejects.toThrow('is not UTF-8 text');
    writeFileSync(join(workspace.path, '.assassin/agents/odd.md'), '---\ndescription: Reads\n---\nYou.\n');
    expect(await catalog.find('odd')).toMatchObject({ role: 'You.' });
  });

  it('names line and field of every mistake', () => {
    expect(problemsOf('---\ndescription: Reads\ntool: [x]\nmaxTurns: many\nbudget:\n  token: 5\n---\nYou.\n')).toEqual([
      { message: 'There is no field "tool".', line: 3, column: 1, field: 'tool' },
      { message: expect.stringContaining('maxTurns') as string, line: 4, column: 11, field: 'maxTurns' },
      { message: 'There is no field "budget.token".', line: 6, column: 3, field: 'budget.token' },
    ]);
  });

  it.each([
    ['no front matter', 'You review.', 1, undefined],
    ['YAML that cannot be read', '---\ndescription: [a\n---\nx', 3, undefined],
    ['no description', '---\ngrants: []\n---\nx', 1, 'description'],
    ['a grant that is none', '---\ndescription: a\ngrants:\n  - fs.read **\n  - fs.fly **\n---\nx', 5, 'grants.1'],
    ['a schema that is none', '---\ndescription: a\noutput: { type: 5 }\n---\nx', 3, 'output'],
    ['no role', '---\ndescription: a\n---\n', 1, 'role'],
    ['a pattern without agents', '---\ndescription: a\npattern: chain\n---\n', 3, 'agents'],
    ['agents without a pattern', '---\ndescription: a\nagents: [x, y]\n---\nx', 3, 'agents'],
  ])('with %s is refused with its place', (_what, text, line, field) => {
    expect(problemsOf(text)[0]).toMatchObject({ line, field });
  });

  it('can begin from each template', () => {
    for (const { text } of agentTemplates) expect(isBrokenAgent(read(text)), text).toBe(false);
  });
});

describe('the catalog', () => {
  it('finds by name, says what is near, and does not let a bad file hide the others', async () => {
    const files = [{ path: '.assassin/agents/a.md', text: '---\ndescription: A\n---\nx' }, { path: '.assassin/agents/bad.md', text: 'x' }];
    const catalog = new AgentCatalog({ workspace: '/w', files: () => Promise.resolve(files) });
    expect((await catalog.list()).map((agent) => [agent.name, isBrokenAgent(agent)])).toEqual([['a', false], ['bad', true]]);
    await expect(catalog.find('bad')).rejects.toMatchObject({ code: 'invalid-config', location: { file: '.assassin/agents/bad.md', line: 1 } });
    await expect(catalog.find('b')).rejects.toMatchObject({ code: 'invalid-input' });
    expect(await catalog.find('helper')).toMatchObject({ name: 'helper' });
  });

  it('takes an edit into account at the next question', async () => {
    let text = '---\ndescription: A\n---\nx';
    const catalog = new AgentCatalog({ workspace: '/w', files: () => Promise.resolve([{ path: '.assassin/agents/a.md', text }]) });
    const first = await catalog.find('a');
    expect(await catalog.find('a')).toBe(first);
    text = '---\ndescription: B\n---\nx';
    expect((await catalog.find('a')).description).toBe('B');
  });
});
