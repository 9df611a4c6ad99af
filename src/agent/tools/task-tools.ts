import * as z from 'zod';
import { AssassinError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { defineTool, type Tool } from '../../tools/tool.ts';
import { stepsOf } from '../plan.ts';
import type { TaskContext } from '../task-context.ts';

// Made once: building a schema costs more than most calls.
const setPlanInput = z.strictObject({ steps: z.array(z.strictObject({ text: z.string().min(1).max(300), state: z.enum(['open', 'doing', 'done']) })).min(1).max(50) });
const askPersonInput = z.strictObject({ question: z.string().min(1).max(2000), choices: z.array(z.string().min(1).max(200)).min(2).max(10).optional() });
const writePlanInput = z.strictObject({ plan: z.string().min(1).max(60_000) });
const readResultInput = z.strictObject({ handle: z.string().min(1).max(100), offset: z.int().default(0), length: z.int().min(1).default(8000), find: z.string().min(1).max(300).optional() });
const finishInput = z.strictObject({ result: z.unknown().describe('What the person gets: text or JSON.'), evidence: z.array(z.string()).max(20).default([]) });

/** What concerns the task itself: its plan, its person, its results and its end. */
export function taskTools(context: TaskContext): readonly Tool[] {
  const { scope } = context;
  return [
    askPersonTool(context),
    defineTool({
      name: 'set_plan', title: 'Set the plan', kind: 'tool', effects: { readOnly: false },
      description: 'Shows the person the steps of longer work. Call it again as they are done.',
      input: setPlanInput,
      run: ({ steps }, { step }) => {
        scope.journal.append({ type: 'plan.updated', steps, step });
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

export function askPersonTool({ scope, tools }: TaskContext): Tool {
  return defineTool({
    name: 'ask_person', title: 'Ask the person', kind: 'tool', effects: { readOnly: false },
    description: 'Puts one question to the person and waits for the answer. Only for what you cannot find out yourself.',
    input: askPersonInput,
    run: ({ question, choices }, { step }) => tools.call('run.ask', { question, ...(choices === undefined ? {} : { choices }) }, scope, step),
  });
}

/** Ends a task that only plans. The plan is written by the run, not by the model: to the one file that it was allowed. */
export function writePlanTool({ scope, state }: TaskContext): Tool {
  return defineTool({
    name: 'write_plan', title: 'Write the plan', kind: 'tool', effects: { readOnly: false },
    description: 'Ends the task with the plan in Markdown. Its steps are check boxes: "- [ ] step".',
    input: writePlanInput,
    run: ({ plan }, { step }) => {
      const steps = stepsOf(plan);
      if (steps.length === 0) throw new AssassinError('invalid-input', 'The plan has no steps.', { hint: 'Write each step as a check box on a line of its own: "- [ ] step".', data: { tool: 'write_plan' } });
      scope.journal.append({ type: 'plan.updated', steps, step });
      state.finish = { result: plan, evidence: [] };
      return Promise.resolve('The plan is written.');
    },
  });
}

export function readResultTool({ results }: TaskContext): Tool {
  return defineTool({
    name: 'read_result', title: 'Read a stored result', kind: 'tool', effects: { readOnly: true, untrustedOutput: true },
    description: 'Reads part of a result that was too long, by its handle. Offset and length are bytes; a negative offset counts from the end. With find: the lines that hold it.',
    input: readResultInput,
    run: async ({ handle, offset, length, find }): Promise<Json> => {
      if (find === undefined) return { ...(await results.part(handle, offset, length)) };
      const { lines, more } = await results.find(handle, find);
      return { lines: lines.map((line) => ({ ...line })), more };
    },
  });
}

export function finishTool({ evidence, repairs, state }: TaskContext): Tool {
  return defineTool({
    name: 'finish', title: 'Finish the task', kind: 'tool', effects: { readOnly: false },
    description: 'Ends the task. evidence: ids of run_code steps that checked the result and passed, after the last change. Without any, the result is labelled unverified.',
    input: finishInput,
    run: ({ result, evidence: steps }, { step: here }) => {
      const problems = steps.flatMap((step) => {
        const problem = evidence.problemOf(step);
        return problem === undefined ? [] : [`${step}: ${problem}`];
      });
      // A model may have named the wrong step, or has work left. Who insists gets its result labelled.
      if (problems.length > 0 && repairs.begin(`The evidence does not hold. ${problems.join('; ')}.`, here)) {
        throw new AssassinError('invalid-input', `The evidence does not hold. ${problems.join('; ')}.`, { hint: 'Check the result with run_code and name that step, or finish again; then the result is labelled unverified.', data: { tool: 'finish' } });
      }
      const unverified = problems.length > 0 ? `The evidence does not hold: ${problems.join('; ')}.` : steps.length === 0 ? 'No check was named.' : undefined;
      state.finish = { result: (result ?? null) as Json, evidence: problems.length > 0 ? [] : steps, ...(unverified === undefined ? {} : { unverified }) };
      return Promise.resolve('Finished.');
    },
  });
}
