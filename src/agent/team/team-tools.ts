import * as z from 'zod';
import type { JsonSchema } from '../../shared/json.ts';
import { defineTool, type Tool } from '../../tools/tool.ts';
import { isBrokenAgent } from './agent-definition.ts';
import { reportJson, settledJson, type Team } from './team.ts';

const agent = z.string().min(1).max(200);
const task = z.string().min(1).max(100_000);
const limit = z.number().min(0);
const budget = z.strictObject({ wallMs: limit, steps: limit, moneyUsd: limit, tokens: limit, browserSeconds: limit, egressBytes: limit }).partial();
const topic = z.string().regex(/^[a-z][\w.-]{0,63}$/i, 'a topic is a letter followed by letters, digits, ".", "_" or "-"');
const maxWaitMs = 5 * 60_000;

/** What agents ask of each other. Models and programs call the same tools. */
export function teamTools(team: Team): readonly Tool[] {
  const works = { readOnly: false, openWorld: true, untrustedOutput: true, concurrent: true } as const;
  return [
    defineTool({
      name: 'agents.list', title: 'List agents', kind: 'agent', effects: { readOnly: true, untrustedOutput: true },
      description: 'Lists the agents of the workspace, with what each is for.',
      input: z.strictObject({}),
      run: async () => (await team.list()).map((each) => ({ name: each.name, description: isBrokenAgent(each) ? `It cannot be used: ${each.problems[0].message}` : each.description })),
    }),
    defineTool({
      name: 'agents.run', title: 'Ask an agent', kind: 'agent', effects: works,
      description: 'Gives a task to an agent, which works on it in a run of its own with no more rights than this one, and waits for its answer.',
      input: z.strictObject({
        task, agent: agent.default('helper'), model: z.string().min(1).max(300).optional(), budget: budget.optional(),
        grants: z.array(z.string().max(1000)).max(100).optional().describe('What it may do beside reading the workspace, such as "fs.write docs/**"; never more than this run may.'),
      }),
      run: async (input, { scope, step }) => reportJson(await team.ask(scope, step, { ...input, budget: input.budget === undefined ? undefined : present(input.budget) })),
    }),
    defineTool({
      name: 'agents.chain', title: 'Let agents work in turn', kind: 'agent', effects: works,
      description: 'Gives a task to agents one after another; each is told what the one before it gave back.',
      input: z.strictObject({ task, agents: z.array(agent).min(1).max(20) }),
      run: ({ agents, task: text }, { scope, step }) => team.run(scope, step, 'chain', { agents, task: text }),
    }),
    defineTool({
      name: 'agents.parallel', title: 'Let agents work at once', kind: 'agent', effects: works,
      description: 'Gives the same task to agents at once. One that fails does not stop the others.',
      input: z.strictObject({ task, agents: z.array(agent).min(1).max(20) }),
      run: ({ agents, task: text }, { scope, step }) => team.run(scope, step, 'parallel', { agents, task: text }),
    }),
    defineTool({
      name: 'agents.route', title: 'Choose an agent', kind: 'agent', effects: works,
      description: 'Lets a model choose which of the agents gets the task.',
      input: z.strictObject({ task, agents: z.array(agent).min(2).max(20) }),
      run: ({ agents, task: text }, { scope, step }) => team.run(scope, step, 'route', { agents, task: text }),
    }),
    defineTool({
      name: 'agents.reflect', title: 'Let one agent judge another', kind: 'agent', effects: works,
      description: 'Lets one agent work and another judge, until it is content or has judged often enough.',
      input: z.strictObject({ task, worker: agent, judge: agent, rounds: z.int().min(1).max(10).default(2) }),
      run: ({ worker, judge, rounds, task: text }, { scope, step }) => team.run(scope, step, 'reflect', { agents: [worker, judge], task: text, rounds }),
    }),
    defineTool({
      name: 'topics.define', title: 'Define a topic', kind: 'agent', effects: { readOnly: false },
      description: 'Makes a topic known to all agents of this task, with the JSON Schema of its messages.',
      input: z.strictObject({ topic, schema: z.union([z.boolean(), z.record(z.string(), z.json())]) }),
      run: ({ topic: name, schema }, { scope }) => {
        team.topics(scope).define(name, schema as JsonSchema);
        return Promise.resolve(null);
      },
    }),
    defineTool({
      name: 'topics.publish', title: 'Publish to a topic', kind: 'agent', effects: { ...works, concurrent: false },
      description: 'Sends a message to all readers of a topic, and as a task to the agents whose files name it. Gives its number and what those agents answered.',
      input: z.strictObject({ topic, message: z.json() }),
      run: async ({ topic: name, message }, { scope, step }) => {
        const { number } = team.topics(scope).publish(name, scope.id, message, (sent) => scope.journal.append({ type: 'topic.message', step, topic: name, number: sent.number, message: scope.journal.value(sent.message) }));
        return { number, answers: (await team.deliver(scope, step, name, message)).map(settledJson) };
      },
    }),
    defineTool({
      name: 'topics.read', title: 'Read a topic', kind: 'agent', effects: { readOnly: true, untrustedOutput: true },
      description: 'Gives the messages of a topic after a number, in order. Waits for one where there is none yet.',
      input: z.strictObject({ topic, after: z.int().min(0).default(0), waitMs: z.int().min(0).max(maxWaitMs).default(0) }),
      run: async ({ topic: name, after, waitMs }, { scope, signal }) => (await team.topics(scope).read(name, after, waitMs, signal)).map((each) => ({ ...each })),
    }),
  ];
}

function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
