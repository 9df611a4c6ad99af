import * as z from 'zod';
import { AssassinError } from '../shared/errors.ts';
import { defineTool, type Tool } from './tool.ts';

/** Tools that concern the run itself. */
export function runTools(): readonly Tool[] {
  return [
    defineTool({
      name: 'run.ask',
      title: 'Ask the person',
      description: 'Puts a question to the person and waits for the answer.',
      kind: 'approval',
      effects: { readOnly: true },
      input: z.object({ question: z.string().min(1).max(2000), choices: z.array(z.string().min(1).max(200)).min(2).max(10).optional().describe('Answers to pick from.') }),
      run: async ({ question, choices }, { scope, step }) => {
        const answer = await scope.ask(question, { step, ...(choices === undefined ? {} : { choices }) });
        if (answer === undefined) throw new AssassinError('denied', 'Nobody answered the question.', { hint: 'Run the chain in the editor or on a terminal, where a person can be asked.' });
        return answer;
      },
    }),
  ];
}
