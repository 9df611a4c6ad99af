import type { RunScope } from '../run/run-scope.ts';
import { splitWords } from '../policy/words.ts';
import { AssassinError, describeError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import type { ToolRegistry } from '../tools/registry.ts';

/** What a command of the person's says of the result. */
export interface CheckOutcome {
  /** The step that can be named as evidence. */
  readonly step: string;
  /** Absent where it passed. */
  readonly problem?: string;
  /** The end of what it printed. */
  readonly output: string;
}

/** Longest output that a model is shown of a check that did not pass, in characters. */
const maxOutput = 6000;

/** The words of a command as a person writes it. Throws `invalid-input`. */
export function checkWords(command: string): readonly string[] {
  const words = splitWords(command);
  const hint = 'Write a program and its arguments, for example "npm test". There is no shell.';
  if (typeof words === 'string') throw new AssassinError('invalid-input', `"${command}" is not a command: ${words}.`, { hint });
  if (words.length === 0) throw new AssassinError('invalid-input', 'The check is empty.', { hint });
  return words.map(({ text }) => text);
}

/** Runs the command through the gate, like any other program of the run. Throws only where the run must end. */
export async function runCheck(scope: RunScope, tools: ToolRegistry, command: string, parent: string): Promise<CheckOutcome> {
  let outcome: CheckOutcome | undefined;
  await scope.step({ kind: 'agent', name: 'Check', parent, input: command }, async (step) => {
    outcome = await checked(scope, tools, command, step);
    return outcome.problem ?? 'passed';
  });
  if (outcome === undefined) throw new AssassinError('internal', 'A check ended without an outcome.');
  return outcome;
}

async function checked(scope: RunScope, tools: ToolRegistry, command: string, step: string): Promise<CheckOutcome> {
  try {
    const output = await tools.call('exec.run', { argv: [...checkWords(command)] }, scope, step);
    const { exitCode = null, output: text = '', timedOut = false } = output as { readonly exitCode?: Json; readonly output?: Json; readonly timedOut?: Json };
    const printed = String(text).slice(-maxOutput);
    if (exitCode === 0) return { step, output: printed };
    return { step, output: printed, problem: timedOut === true ? `"${command}" did not end in time.` : `"${command}" ended with ${exitCode === null ? 'a signal' : `exit code ${JSON.stringify(exitCode)}`}.` };
  } catch (error) {
    scope.signal.throwIfAborted();
    return { step, output: '', problem: `"${command}" could not be run: ${describeError(error)}` };
  }
}
