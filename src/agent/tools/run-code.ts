import * as z from 'zod';
import { describeError, toErrorInfo } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { defineTool, type Tool } from '../../tools/tool.ts';
import type { TaskContext } from '../task-context.ts';

/** Lines of the console beyond this are counted, not told. */
const maxConsole = 4000;

// Made once: building a schema costs more than most calls.
const runCodeInput = z.strictObject({ code: z.string().min(1).describe('import { workspace } from "assassin"; export default async function () { return await workspace.list(); }') });

/** Code in a throwaway sandbox: what a model does with many calls and much data stays there, and only what it returns comes back. */
export function runCodeTool({ scope, tools, code, results, evidence, places }: TaskContext): Tool {
  return defineTool({
    name: 'run_code', title: 'Run code in a sandbox', kind: 'tool',
    effects: { readOnly: false, openWorld: true, untrustedOutput: true },
    description: 'Runs a TypeScript module in a fresh sandbox and gives what its default export returns, and its console. Tools are imported from "assassin".',
    input: runCodeInput,
    run: async ({ code: source }, { step }) => {
      const watch = evidence.watch(step);
      let printed = '';
      let dropped = 0;
      const call = async (name: string, input: Json, parent: string): Promise<Json> => {
        const tool = await tools.find(name);
        const output = await tools.call(name, input, scope, parent);
        watch.saw(tool, output);
        places.saw(name, input, output);
        adoptBlob(output, results.adopt.bind(results));
        return output;
      };
      const tell = (level: string, text: string) => {
        if (printed.length < maxConsole) printed += `${level === 'info' ? '' : `${level}: `}${text.slice(0, maxConsole)}\n`;
        else dropped += 1;
      };
      const console = () => (printed === '' ? '' : `\nconsole:\n${printed}${dropped > 0 ? `[${dropped} more lines]\n` : ''}`);
      try {
        const value = await code.run(scope, { source, title: 'Code of the agent', parent: step, call, console: tell });
        watch.ended(false);
        return `step ${step}: done\nresult: ${JSON.stringify(value)}${console()}`;
      } catch (error) {
        watch.ended(true);
        const { code: errorCode, data } = toErrorInfo(error);
        // The end of the run is not a result of the code.
        if (scope.signal.aborted || errorCode === 'budget-exceeded') throw error;
        const stack = Array.isArray(data?.['stack']) ? `\n${data['stack'].slice(0, 8).join('\n')}` : '';
        return `step ${step}: failed\nerror (${errorCode}): ${describeError(error)}${stack}${console()}`;
      }
    },
  });
}

/** A program's whole output lies beside the journal under a name that its result gives: that name may be read. */
function adoptBlob(output: Json, adopt: (hash: string, bytes: number) => void): void {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return;
  const { blob, bytes } = output as { readonly blob?: Json; readonly bytes?: Json };
  if (typeof blob === 'string' && typeof bytes === 'number') adopt(blob, bytes);
}
