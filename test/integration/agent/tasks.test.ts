import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedServer } from '../../fixtures/models/scripted-server.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { recorded } from '../../helpers/tasks.ts';
import { attempt } from '../../tasks/attempt.ts';
import { seededTasks } from '../../tasks/all.ts';
import { endpointProblem } from '../../tasks/endpoint-problem.ts';
import { refactor } from '../../tasks/refactor.ts';
import { reportLine, reportOf } from '../../tasks/report.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

describe('seeded tasks', () => {
  it('are at least twelve, each with a name of its own for the command line', () => {
    expect(seededTasks.length).toBeGreaterThanOrEqual(12);
    expect(new Set(seededTasks.map(({ id }) => id)).size).toBe(seededTasks.length);
  });

  it.each(seededTasks)('$name', async (task) => {
    const { outcome, problems, events, turns } = await attempt(task, { sandbox });
    expect(problems).toEqual([]);
    expect(outcome).toMatchObject({ state: 'done', clean: true, result: { verification: 'verified' } });
    expect(turns).toBe(task.answers({ workspace: '/w', origin: 'http://127.0.0.1:1', requests: [] }).length);
    expect(events.filter((event) => event.type === 'decision' && (event.outcome === 'denied' || event.effect === 'ask'))).toEqual([]);
  });

  it.each(seededTasks)('the check of "$name" does not pass for a model that merely claims it is done', async (task) => {
    const { outcome, problems } = await attempt(task, { sandbox, answers: () => [{ calls: [{ name: 'finish', arguments: { result: 'All done and checked.' } }] }] });
    // Two, because it is not told by the missing change alone: the checker sees it too.
    expect(problems.length).toBeGreaterThanOrEqual(2);
    expect(outcome.result).toMatchObject({ verification: 'unverified' });
  });
});

describe('a server of somebody\'s own', () => {
  it('does a task by its address, model and key, and the table tells what it took', async () => {
    await using server = await scriptedServer(recorded(...refactor.answers({ workspace: '', origin: '', requests: [] })), ['mine']);
    const live = { endpoint: server.baseUrl, model: 'mine', key: 'sk-own-0123456789abcdef' };
    expect(await endpointProblem(live)).toBeUndefined();
    const done = await attempt(refactor, { sandbox, live });
    expect(done.problems).toEqual([]);
    expect(server.requests.map(({ body, headers }) => [body.model, headers['authorization']])).toEqual(server.requests.map(() => ['mine', `Bearer ${live.key}`]));
    expect(reportOf(refactor, done)).toMatchObject({ pass: true, turns: server.requests.length, inputTokens: 100 * server.requests.length, outputTokens: 20 * server.requests.length });
    expect(reportLine(reportOf(refactor, done))).toMatch(/^refactor +yes +verified +3 +300 +60 /);
  });

  it('is asked whether it is of use before anything begins', async () => {
    await using server = await scriptedServer([], ['mine']);
    expect(await endpointProblem({ endpoint: server.baseUrl, model: 'other' })).toBe(`${server.baseUrl} has no model "other". It has: mine.`);
    const { baseUrl } = server;
    await server[Symbol.asyncDispose]();
    expect(await endpointProblem({ endpoint: baseUrl, model: 'mine' })).toMatch(/^Nothing answers at .*ECONNREFUSED/);
  });
});
