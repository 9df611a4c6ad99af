import { redactError } from '../policy/redact-error.ts';
import { Redactor } from '../policy/redact.ts';
import { describeError } from '../shared/errors.ts';

export interface OwnErrorsOptions {
  readonly events: Pick<NodeJS.Process, 'prependListener' | 'off'>;
  /** Folder of the built extension, as it stands in stacks. */
  readonly folder: string;
  /** Those that know the secrets of this window. */
  readonly redactors: () => readonly Redactor[];
  readonly log: (text: string) => void;
}

/**
 * The editor writes errors that nobody has handled to its own logs, with message and stack. Of those that come from our code the secrets are taken out before it does:
 * in the error itself, since the editor is told of it after us. Errors of others are left alone.
 */
export function redactOwnErrors({ events, folder, redactors, log }: OwnErrorsOptions): Disposable {
  const patterns = new Redactor();
  const hear = (error: unknown) => {
    if (!(error instanceof Error) || !String(error.stack).includes(folder)) return;
    for (const redactor of [patterns, ...redactors()]) redactError(error, redactor);
    log(`An error that nobody has handled: ${describeError(error)}`);
  };
  events.prependListener('uncaughtExceptionMonitor', hear);
  events.prependListener('unhandledRejection', hear);
  return {
    [Symbol.dispose]: () => {
      events.off('uncaughtExceptionMonitor', hear);
      events.off('unhandledRejection', hear);
    },
  };
}
