import { runCodeTool } from '../tools/run-code.ts';
import { fileTools } from '../tools/file-tools.ts';
import { askPersonTool, readResultTool, writePlanTool } from '../tools/task-tools.ts';
import { conduct } from './rules-of-conduct.ts';
import type { Executor } from './executor.ts';

/** Looks and thinks, and leaves a plan. It has no tool that changes anything; that code cannot either is the gate's doing. */
export const planner: Executor = {
  name: 'plan',
  maxTurns: 40,
  prompt: `You plan work in a person's workspace; you do not do it. Nothing may be changed now, no program run and no page opened: such calls are denied.
Look around with read_file and with TypeScript in run_code:
import { workspace } from 'assassin';
export default async function () { ... return whatYouNeedToSee; }
- workspace: readFile(path), list(path), exists(path), search(text, { globs, regex }) -> { matches }, files(folder) -> { files }
Ask the person only what you cannot find out yourself. Then call write_plan with the plan in Markdown: what is to be reached, then the steps as a list of check boxes ("- [ ] ..."), each a piece of work with the files that it concerns, in an order in which it can be done, and last how the result will be checked. Somebody who has seen nothing of this conversation carries it out, from the plan alone.
${conduct}`,
  tools: (context) => Promise.resolve([runCodeTool(context), ...fileTools(context).filter(({ effects }) => effects.readOnly), askPersonTool(context), readResultTool(context), writePlanTool(context)]),
};
