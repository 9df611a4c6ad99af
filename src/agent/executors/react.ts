import type { Tool } from '../../tools/tool.ts';
import { markDescribed } from '../tools/find-tools.ts';
import { finishTool, readResultTool } from '../tools/task-tools.ts';
import { conduct } from './rules-of-conduct.ts';
import type { Executor } from './executor.ts';

/** Providers refuse more, and every definition is paid for in every request. */
const maxTools = 120;

/** Every tool directly in the model's hands: for few tools, and models that cannot write code. */
export const react: Executor = {
  name: 'react',
  maxTurns: 60,
  prompt: `You work for a person in their workspace. Call tools until the task is done, then call finish.\n${conduct}`,
  tools: async (context) => {
    const { scope, tools, evidence, places } = context;
    const { tools: all } = await tools.catalog(scope);
    if (all.length > maxTools) scope.log('warn', `Only the first ${maxTools} of ${all.length} tools are given to the model. With the executor code-act it can use all of them.`);
    const given = all.slice(0, maxTools);
    markDescribed(scope, given);
    const watched = given.map((tool): Tool => ({
      ...tool,
      run: async (input, call) => {
        const output = await tool.run(input, call);
        places.saw(tool.name, input, output);
        if (!tool.effects.readOnly) evidence.changed();
        return output;
      },
    }));
    return [...watched, readResultTool(context), finishTool(context)];
  },
};
