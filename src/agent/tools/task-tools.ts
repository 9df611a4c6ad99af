import * as z from 'zod';
import { AssassinError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { defineTool, type Tool } from '../../tools/tool.ts';
import type { TaskContext } from '../task-context.ts';

/** What concerns the task itself: its plan, its person, its results and its end. */
export function taskTools(context: TaskContext): readonly Tool[] {
  const { scope, tools } = context;
  return [
    defineTool({
      name: 'ask_person', title: 'Ask the person', kind: 'tool', effects: { readOnly: false },
      description: 'Puts one question to the person and waits for the answer. Only for what you cannot find out yourself.',
      input: z.strictObject({ question: z.string().min(1).max(2000) }),
      run: ({ question }, { step }) => tools.call('run.ask', { question }, scope, step),
    }),
    defineTool({
      name: 'set_plan', title: 'Set the plan', kind: 'tool', effects: { readOnly: false },
      description: 'Shows the person the steps of longer work. Call it again as they are done.',
      input: z.strictObject({ steps: z.array(z.strictObject({ text: z.string().min(1).max(300), state: z.enum(['open', 'doing', 'done']) })).min(1).max(50) }),
      run: ({ steps }) => {
        const done = steps.filter(({ state }) => state === 'done').length;
        const current = steps.find(({ state }) => state === 'doing') ?? steps.find(({ state }) => state === 'open');
        scope.progress(`${done} of ${steps.length}${current ? `: ${current.text}` : ''}`, done / steps.length);
        return Promise.resolve('The plan is shown.');
      },
    }),
    readResultTool(context),
    finishTool(context),
  ];
}

export function readResultTool({ results }: TaskContext): Tool {
  return defineTool({
    name: 'read_result', title: 'Read a stored result', kind: 'tool', effects: { readOnly: true, untrustedOutput: true },
    description: 'Reads part of a result that was too long, by its handle. Offset and length are bytes.',
    input: z.strictObject({ handle: z.string().min(1).max(100), offset: z.int().min(0).default(0), length: z.int().min(1).default(8000) }),
    run: async ({ handle, offset, length }) => ({ ...(await results.part(handle, offset, length)) }),
  });
}

export function finishTool({ evidence, state }: TaskContext): Tool {
  return defineTool({
    name: 'finish', title: 'Finish the task', kind: 'tool', effects: { readOnly: false },
    description: 'Ends the task. evidence: ids of run_code steps that checked the result and passed, after the last change. Without any, the result is labelled unverified.',
    input: z.strictObject({ result: z.unknown().describe('What the person gets: text or JSON.'), evidence: z.array(z.string()).max(20).default([]) }),
    run: ({ result, evidence: steps }) => {
      const problems = steps.flatMap((step) => {
        const problem = evidence.problemOf(step);
        return problem === undefined ? [] : [`${step}: ${problem}`];
      });
      // Once: a model may have named the wrong step. Who insists gets its result labelled.
      if (problems.length > 0 && !state.rejected) {
        state.rejected = true;
        throw new AssassinError('invalid-input', `The evidence does not hold. ${problems.join('; ')}.`, { hint: 'Check the result with run_code and name that step, or finish again; then the result is labelled unverified.', data: { tool: 'finish' } });
      }
      const unverified = problems.length > 0 ? `The evidence does not hold: ${problems.join('; ')}.` : steps.length === 0 ? 'No check was named.' : undefined;
      state.finish = { result: (result ?? null) as Json, evidence: problems.length > 0 ? [] : steps, ...(unverified === undefined ? {} : { unverified }) };
      return Promise.resolve('Finished.');
    },
  });
}
