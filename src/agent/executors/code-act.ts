import { delegateTool } from '../tools/delegate.ts';
import { fileTools } from '../tools/file-tools.ts';
import { findTools } from '../tools/find-tools.ts';
import { runCodeTool } from '../tools/run-code.ts';
import { taskTools } from '../tools/task-tools.ts';
import { conduct } from './rules-of-conduct.ts';
import type { Executor } from './executor.ts';

/** Few tools whatever is connected: everything else is called from code, and what lies between stays in the sandbox. */
export const codeAct: Executor = {
  name: 'code-act',
  maxTurns: 60,
  prompt: `You work for a person in their workspace. You have few direct tools; everything else you do with TypeScript in run_code:
import { agents, browser, exec, http, mcp, memory, workspace, log } from 'assassin';
export default async function () { ... return whatYouNeedToSee; }
- workspace: readFile(path), writeFile(path, text), edit(path, [{ oldText, newText }]), list(path), exists(path), search(text, { globs, regex }) -> { matches }, files(folder) -> { files }
- exec(['npm', 'test'], { cwd }) -> { exitCode, output }: runs a program without a shell
- browser.open(url) -> page: text(), screenshot(), links(), extract({ rows: [{ name: '.name' }] }), click(selector), type(selector, text), goto(url), snapshot()
- http.get(url) -> { status, body }, http.getJson(url)
- agents.run(name, task, { grants }) -> { answer }: another agent works on a part; agents.list()
- memory.recall(query), memory.remember(text): notes from and for other runs
- mcp.SERVER.TOOL({ ... }): tools of MCP servers; find them with search_tools, their types with describe_tools
There is no Node, no npm and no network in the sandbox but these. Each run_code starts anew. Do many calls in one piece of code (loops, Promise.all), keep data there and return only what you need to see. A picture that you return (screenshot(), workspace.readPicture(path)) is shown to you.
Before you finish, check the result with run_code (run the tests, read the file back) and name that step as evidence.
${conduct}`,
  tools: (context) => Promise.resolve([...findTools(context), runCodeTool(context), ...fileTools(context), delegateTool(context), ...taskTools(context)]),
};
