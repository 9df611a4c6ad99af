import { AssassinError } from '../shared/errors.ts';
import type { FailedEdit } from './edit.ts';

/** Longest text of the file that is shown for one edit that failed. */
const maxNearest = 1500;

/** Names every edit that failed, with what stands nearest to what it looked for. */
export function editFailure(path: string, failures: readonly FailedEdit[]): AssassinError {
  const parts = failures.map(({ edit, reason, nearest }) => `Edit ${edit}: ${reason}${nearest === undefined ? '' : ` Nearest, from line ${nearest.line}:\n${nearest.text.slice(0, maxNearest)}`}`);
  return new AssassinError('invalid-input', `${path} was not changed.\n${parts.join('\n')}`, {
    hint: 'Read the file again and repeat the edit with the text as it stands.',
    data: { tool: 'workspace.edit', failures: failures.map(({ edit, reason, nearest }) => ({ edit, reason, ...(nearest === undefined ? {} : { line: nearest.line }) })) },
  });
}
