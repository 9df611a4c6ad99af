import { AssassinError } from '../shared/errors.ts';
import { isCompileError, parseGuestStack, type GuestFrame } from './guest-stack.ts';
import { limitError } from './limits.ts';
import { insteadOfGlobal } from './missing-apis.ts';
import { insteadOfMember } from './missing-members.ts';
import type { EngineName, GuestEnd, GuestError } from './protocol.ts';
import type { SandboxLimits, SandboxProgram } from './sandbox.ts';

export interface RunContext {
  readonly program: SandboxProgram;
  readonly limits: SandboxLimits;
  readonly engine: EngineName;
  /** The error with which a host call failed. */
  readonly failedCall: (id: number) => unknown;
}

/** The error of a run that did not end with a value. */
export function failureOf(end: Exclude<GuestEnd, { how: 'done' }>, context: RunContext): AssassinError {
  const { program, limits } = context;
  switch (end.how) {
    case 'limit':
      return limitError(end.limit, limits);
    case 'stopped':
      return new AssassinError('cancelled', 'The chain was stopped.');
    case 'stalled':
      return new AssassinError('chain-failed', 'The chain waits for something that will never happen.', {
        hint: 'Look for a promise that nothing resolves.', data: { name: 'Error', stack: [] },
      });
    case 'invalid':
      return new AssassinError('chain-invalid', `${program.entry} has no function as its export "${program.call}", but ${end.found === 'undefined' ? 'nothing' : `a value of type ${end.found}`}.`, {
        hint: program.call === 'default' ? 'Write "export default async function (input) { ... }".' : `Export a function named ${program.call}.`,
      });
    case 'crashed':
      return new AssassinError('sandbox-crashed', `The sandbox broke down: ${end.message}`, { hint: 'Run it again. If it happens again, the chain does something that the engine cannot bear.' });
    case 'threw':
      return errorOf(end.error, context);
  }
}

function errorOf(error: GuestError, { program, engine, failedCall }: RunContext): AssassinError {
  const { name, stack } = error;
  const frames = parseGuestStack(stack, program.modules);
  if (isCompileError(name, stack, program.modules)) {
    const using = engine === 'quickjs-emscripten' && /\busing\b/.test(lineOf(frames[0], program));
    return new AssassinError('chain-syntax', `${using ? 'The engine quickjs-emscripten does not know "using"' : error.message.replace(/\.$/, '')}.`, {
      hint: using ? 'Choose the engine quickjs-wasi, or write try and finally.' : 'Correct the line.',
      data: { name, stack: frames },
    });
  }
  const instead = insteadOfGlobal(name, error.message) ?? insteadOfMember(name, error.message, lineOf(frames[0], program));
  const cause = error.call === undefined ? undefined : failedCall(error.call);
  const hint = AssassinError.isInstance(cause) ? cause.hint : undefined;
  return new AssassinError('chain-failed', instead === undefined ? error.message || name : `${error.message.replace(/\.$/, '')}. ${instead}`, {
    data: { name, stack: frames },
    ...(cause === undefined ? {} : { cause }),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The line of the program that a frame names, empty where it names none. */
function lineOf(frame: GuestFrame | undefined, { modules }: SandboxProgram): string {
  return frame === undefined ? '' : (modules.get(frame.module)?.split('\n')[frame.line - 1] ?? '');
}
