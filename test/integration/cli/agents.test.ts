import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedServer } from '../../fixtures/models/scripted-server.ts';
import { calls, finish } from '../../helpers/tasks.ts';
import { CommandLine, type RunDocument } from './command-line.ts';

describe('the agents command', () => {
  it('writes an agent from a template, lists it, and refuses to write over it', async () => {
    using line = new CommandLine();
    expect((await line.run(['agents', 'list'])).stderr).toContain('There are no agents yet');
    expect((await line.run(['agents', 'new', 'reviewer'])).code).toBe(0);
    expect(readFileSync(join(line.workspace, '.assassin/agents/reviewer.md'), 'utf8')).toContain('You review changes.');
    expect((await line.run(['agents', 'list'])).stdout).toContain('reviewer');
    expect(await line.run(['agents', 'check'])).toMatchObject({ code: 0 });
    expect(await line.run(['agents', 'new', 'reviewer'])).toMatchObject({ code: 2, stderr: expect.stringContaining('already') as string });
    expect(await line.run(['agents', 'new', '../x'])).toMatchObject({ code: 2 });
  });

  it('names file, line and field of what is wrong', async () => {
    using line = new CommandLine({ '.assassin/agents/bad.md': '---\ndescription: x\ngrant: []\n---\nx\n' });
    const { code, document } = await line.json<{ readonly problems: readonly unknown[] }>(['agents', 'check']);
    expect(code).toBe(2);
    expect(document.problems).toMatchObject([{ code: 'invalid-config', location: { file: '.assassin/agents/bad.md', line: 3 }, data: { field: 'grant' } }]);
  });

  it('names the agents of a pattern that nobody wrote', async () => {
    const agent = '---\ndescription: x\n---\nYou write.\n';
    using line = new CommandLine({ '.assassin/agents/writer.md': agent, '.assassin/agents/pair.md': '---\ndescription: x\npattern: parallel\nagents: [writer, writr, helper]\n---\n' });
    const { code, document } = await line.json<{ readonly problems: readonly unknown[] }>(['agents', 'check']);
    expect(code).toBe(2);
    expect(document.problems).toMatchObject([{ code: 'invalid-config', message: 'The pattern of "pair" names the agent "writr", and there is none.', hint: 'Did you mean writer?', location: { file: '.assassin/agents/pair.md' } }]);
  });

  it('lets an agent work on a task, and "runs show" has the runs that it started as a tree', async () => {
    await using server = await scriptedServer((request) => {
      const text = JSON.stringify(request.body.messages);
      if (text.includes('ROLE-LEADER')) return text.includes('part done') ? finish('whole') : calls(['delegate', { task: 'PART' }]);
      return finish('part done');
    });
    using line = new CommandLine({ '.assassin/agents/leader.md': '---\ndescription: Leads\n---\nROLE-LEADER\n' });
    const { document } = await line.json<RunDocument>(['task', 'Do it.', '--agent', 'leader', '--endpoint', server.baseUrl, '--model', 'scripted', '--budget', 'tokens=100000']);
    expect(document).toMatchObject({ state: 'done', result: { answer: 'whole' } });
    const shown = (await line.run(['runs', 'show', document.run])).stdout;
    expect(shown).toMatch(/Runs that it started\n└─ PART \(task\): done/);
    const child = /PART .*(run_\w+)/.exec(shown)![1]!;
    expect((await line.run(['runs', 'show', child])).stdout).toContain(`started by: ${document.run}`);
    expect((await line.run(['runs', 'list'])).stdout).not.toContain(child);
    expect((await line.run(['runs', 'list', '--children'])).stdout).toContain(child);
  });
});
