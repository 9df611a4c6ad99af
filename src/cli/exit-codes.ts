import type { ErrorInfo } from '../shared/errors.ts';
import type { RunOutcome } from '../run/run-manager.ts';

/** Stable: scripts branch on these. docs/cli.md explains each. */
export const exitCodes = { done: 0, failed: 1, usage: 2, denied: 3, leftovers: 4, environment: 5, cancelled: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function exitCodeOfError({ code, data }: ErrorInfo): ExitCode {
  switch (code) {
    case 'cancelled':
      return exitCodes.cancelled;
    case 'denied':
    case 'egress-denied':
      return exitCodes.denied;
    case 'leftover':
      return exitCodes.leftovers;
    case 'browser-not-found':
    case 'store-unwritable':
    case 'store-corrupt':
    case 'store-too-new':
    case 'no-model':
      return exitCodes.environment;
    case 'invalid-config':
    case 'invalid-grant':
    case 'chain-not-found':
    case 'chain-syntax':
    case 'chain-invalid':
    case 'run-not-found':
    case 'file-not-found':
    case 'mcp-not-configured':
      return exitCodes.usage;
    case 'invalid-input':
      // A tool that was called wrongly in the middle of a run is a failure of the run, not of its caller.
      return data?.['tool'] === undefined ? exitCodes.usage : exitCodes.failed;
    default:
      return exitCodes.failed;
  }
}

/** Something that may still be there counts for more than why the run ended. */
export function exitCodeOf({ clean, error }: Pick<RunOutcome, 'clean' | 'error'>): ExitCode {
  if (!clean) return exitCodes.leftovers;
  return error === undefined ? exitCodes.done : exitCodeOfError(error);
}
