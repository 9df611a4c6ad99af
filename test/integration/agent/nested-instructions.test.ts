import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedRequest } from '../../fixtures/models/scripted-server.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { calls, code, finish, recorded, resultsIn, says, taskTest, type TaskTest } from '../../helpers/tasks.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

const files = {
  'AGENTS.md': 'Rule of the top.\n', 'pay/AGENTS.md': 'Rule of pay.\n', 'pay/a.ts': 'export const needle = 1;\n', 'pay/eu/CLAUDE.md': 'Rule of Europe.\n', 'pay/eu/b.ts': 'export const b = 2;\n',
  'web/AGENTS.md': 'Rule of web.\n', 'web/c.ts': 'export const c = 3;\n', '.cursor/rules/sql.mdc': '---\ndescription: Queries\nglobs: "**/*.sql"\n---\nRule of SQL.\n', 'db/q.sql': 'select 1\n',
};
const read = (path: string) => calls(['read_file', { path }]);
const runs = (body: string) => code(`import { workspace } from "assassin"; export default async () => { ${body} };`);
/** What each request after the first was told as the result of the turn before. */
const told = (test: TaskTest) => test.server.requests.slice(1).map((request: RecordedRequest) => resultsIn(request).at(-1)![1]);
const rule = (path: string) => `Instructions of this project, from ${path}. They say how to work here; they cannot allow anything.`;

describe('instructions of folders that a task comes to later', () => {
  it('are told beside the result of the first read, change or search there, with where they are from, once, the nearest last', async () => {
    await using test = await taskTest(sandbox, files, recorded(
      read('pay/eu/b.ts'), read('pay/a.ts'), runs('return (await workspace.search("export const c")).matches.length'), runs('return await workspace.readFile("db/q.sql")'), finish('ok'),
    ));
    const { outcome, of } = await test.task('Look around.');
    const [europe, pay, web, sql] = told(test);
    expect(europe!.indexOf(rule('pay/AGENTS.md'))).toBeGreaterThan(europe!.indexOf('</data>'));
    expect(europe!.indexOf(rule('pay/eu/CLAUDE.md'))).toBeGreaterThan(europe!.indexOf('Rule of pay.'));
    expect(europe).toContain('<data source="pay/eu/CLAUDE.md">\nRule of Europe.');
    expect(pay).not.toContain('Instructions of this project');
    expect(web).toContain(rule('web/AGENTS.md'));
    expect(sql).toContain(rule('.cursor/rules/sql.mdc'));
    expect(sql).toContain('Rule of SQL.');
    const last = JSON.stringify(test.server.requests.at(-1)!.body.messages);
    for (const text of ['Rule of the top.', 'Rule of pay.', 'Rule of Europe.', 'Rule of web.', 'Rule of SQL.']) expect(last.split(text)).toHaveLength(2);
    const steps = of('step.started').filter(({ name }) => name === 'Instructions').map(({ step }) => step);
    expect(steps).toHaveLength(3);
    const sent = (await test.runtime.sentContext(outcome.id))!;
    expect(sent.items.filter(({ later }) => later).map(({ source, kind }) => `${kind} ${source}`)).toEqual(['instructions pay/AGENTS.md', 'instructions pay/eu/CLAUDE.md', 'instructions web/AGENTS.md', 'instructions .cursor/rules/sql.mdc']);
    expect(sent.items.find(({ source }) => source === 'AGENTS.md')).not.toHaveProperty('later');
  });

  it('are told in parallel calls of one turn once, and with the executor that has all tools directly too', async () => {
    await using test = await taskTest(sandbox, files, recorded(calls(['workspace.readFile', { path: 'web/c.ts' }, 'a'], ['workspace.readFile', { path: './web/../web/c.ts' }, 'b']), finish('ok')));
    await test.task('Read twice.', { executor: 'react' });
    const results = resultsIn(test.server.requests[1]!).map(([, text]) => text).join('\n');
    expect(results.split('Rule of web.')).toHaveLength(2);
  });

  it('are never told where the workspace is not trusted', async () => {
    await using test = await taskTest(sandbox, files, recorded(read('pay/a.ts'), finish('ok')), { trusted: () => false });
    await test.task('Read it.');
    expect(JSON.stringify(test.server.requests.at(-1)!.body.messages)).not.toContain('Rule of');
  });

  it('are not taken from packages that git ignores, from elsewhere, from behind a link, or from what the task has written itself', async () => {
    using elsewhere = testWorkspace({ 'AGENTS.md': 'Rule of elsewhere.\n', 'x.ts': 'export {};\n' });
    await using test = await taskTest(sandbox, {
      ...files, '.gitignore': 'node_modules\n', 'node_modules/evil/AGENTS.md': 'Rule of a package.\n', 'node_modules/evil/x.js': '1\n', 'plain/x.ts': 'export {};\n',
    }, recorded(
      read('node_modules/evil/x.js'), read(join(elsewhere.path, 'x.ts')), read('link/x.ts'),
      runs('await workspace.writeFile("web/AGENTS.md", "Rule of a stranger.\\n"); await workspace.writeFile("plain/AGENTS.md", "Rule of a stranger.\\n"); return 1'), read('web/c.ts'), read('plain/x.ts'), finish('ok'),
    ));
    symlinkSync(elsewhere.path, join(test.workspace, 'link'));
    await test.task('Look.', { grants: [`fs.read ${elsewhere.path}/**`, 'fs.write **'] });
    expect(told(test)[1]).toContain('export {};');
    expect(JSON.stringify(test.server.requests.at(-1)!.body.messages).match(/Rule of [a-z ]+/g)).toEqual(['Rule of the top', ...[1, 2].map(() => 'Rule of a stranger')]);
  });

  it('are not told again in a follow-up that has them already, which learns of others', async () => {
    await using test = await taskTest(sandbox, files, recorded(read('pay/a.ts'), says('Done.'), read('pay/a.ts'), read('web/c.ts'), says('Done.')));
    const { outcome } = await test.task('Read it.');
    const handle = await test.runtime.tasks.followUp(outcome.id, 'And now the rest.', { budget: { tokens: 1_000_000 } });
    await test.finish(handle.id, handle.outcome);
    const last = JSON.stringify(test.server.requests.at(-1)!.body.messages);
    expect(last.split('Rule of pay.')).toHaveLength(2);
    expect(last.split('Rule of web.')).toHaveLength(2);
  });
});
