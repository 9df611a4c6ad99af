import type { RunHandle } from '../run/run-manager.ts';
import { AssassinError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { executors } from './executors/executors.ts';
import { Inbox } from './inbox.ts';
import { runTask, type TaskRun } from './run-task.ts';
import type { TaskInput } from './task-input.ts';
import type { TaskRunnerOptions } from './task-options.ts';
import type { ChildTask } from './team/team-port.ts';
import { titleOf } from './title.ts';

/** Starts a task that a run gives to an agent: a run of its own, below the one that asks. Throws `no-model`, and `budget-exceeded` where that one has no tokens left. */
export async function startChild(options: TaskRunnerOptions & Pick<TaskRun, 'onDelta'>, task: string, child: ChildTask): Promise<RunHandle> {
  const { runs, models, workspace } = options;
  const { agent, parent, rules, approver, askUngranted, budget, from } = child;
  if (parent.scope.budget.left('tokens') <= 0) {
    throw new AssassinError('budget-exceeded', 'An agent needs tokens, and the run that asks for it has none left.', { hint: 'Give the run a budget of tokens.', data: { budget: 'tokens', limit: parent.scope.budget.limits.tokens ?? 0 } });
  }
  const client = await models.client(child.model ?? (await models.first()).id);
  const pricing = await models.pricing();
  const executor = agent.executor ?? 'code-act';
  const effort = options.modelDefaults?.effort;
  const input: TaskInput = { task, model: client.info.id, executor, mode: 'act', grants: [], agent: agent.name, ...(effort === undefined ? {} : { effort }), ...(agent.maxTurns === undefined ? {} : { maxTurns: agent.maxTurns }), ...(from?.told === undefined ? {} : { told: from.told }) };
  const inbox = new Inbox();
  return runs.start({
    kind: 'task', title: titleOf(task), source: agent.path ?? 'task', workspace: child.workspace ?? workspace, input: JSON.parse(JSON.stringify(input)) as Json, rules, budget, approver, askUngranted,
    grants: child.grants(client.info.id), parent, ...(child.seenAs === undefined ? {} : { seenAs: child.seenAs }),
    ...(from === undefined ? {} : { origin: from.origin, untrusted: from.untrusted }),
  }, async (scope) => {
    child.began(scope, client.info.id);
    inbox.open(scope);
    await child.prepare(scope);
    return child.completed(scope, await runTask(scope, { ...options, input, client, pricing, executor: executors[executor], agent, inbox, ...(from === undefined ? {} : { from }) }));
  });
}
