import * as z from 'zod';
import { defineTool, type Tool } from '../../tools/tool.ts';
import type { TaskContext } from '../task-context.ts';

// Made once: building a schema costs more than most calls.
const delegateInput = z.strictObject({ task: z.string().min(1).max(100_000), agent: z.string().max(200).default('helper'), grants: z.array(z.string().max(1000)).max(100).optional().describe('Such as "fs.write docs/**"; none: it only reads.') });

/** Part of a task given to another agent. Its result comes back under the id of this call. */
export function delegateTool({ scope, tools, evidence }: TaskContext): Tool {
  return defineTool({
    name: 'delegate', title: 'Delegate', kind: 'agent', effects: { readOnly: false, untrustedOutput: true, concurrent: true },
    description: 'Gives a part of the task to another agent and waits for its answer. It knows nothing but what you write. Calls in one turn work at the same time.',
    input: delegateInput,
    run: async (input, { step }) => {
      const report = await tools.call('agents.run', input, scope, step);
      evidence.changed();
      return report;
    },
  });
}
