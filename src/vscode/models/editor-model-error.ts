import * as vscode from 'vscode';
import { tidy } from '../../models/model-errors.ts';
import type { ModelInfo } from '../../models/model-client.ts';
import { AssassinError, type ErrorCode } from '../../shared/errors.ts';

/** What the editor throws, made one of our errors: the layers above decide by its code whether another try makes sense. */
export function editorModelError(error: unknown, { label, id }: Pick<ModelInfo, 'label' | 'id'>): AssassinError {
  if (AssassinError.isInstance(error)) return error;
  const words = wordsOf(error);
  const said = words === '' ? '' : `: ${words}`;
  const fail = (code: ErrorCode, message: string, hint: string) => new AssassinError(code, `${message}${said}`, { hint, cause: error, data: { model: id } });
  switch (error instanceof vscode.LanguageModelError ? error.code : '') {
    case vscode.LanguageModelError.NoPermissions.name:
      return fail('model-auth', `The editor does not let this extension use ${label}`, 'Allow it when the editor asks, or with "Manage Language Model Access" in the menu of your account.');
    case vscode.LanguageModelError.NotFound.name:
      return fail('model-refused', `The editor has no model ${label} any more`, 'Choose another model.');
    case vscode.LanguageModelError.Blocked.name:
      // The editor has one code for too many requests, an empty quota and refused content: only the words tell them apart.
      if (/rate.?limit|too many|slow down/i.test(words)) return fail('model-rate-limited', `The editor wants fewer requests to ${label}`, 'Wait, or choose another model.');
      return fail('model-refused', `The editor blocks requests to ${label}`, 'Check the quota of your plan, or choose another model.');
    default:
      if (/quota|premium request|billing/i.test(words)) return fail('model-refused', `${label} has no quota left`, 'Check the quota of your plan, or choose another model.');
      if (/rate.?limit|too many requests/i.test(words)) return fail('model-rate-limited', `${label} wants fewer requests`, 'Wait, or choose another model.');
      return fail('model-unavailable', `The editor got no answer of ${label}`, 'Try again, or choose another model.');
  }
}

/** The words of what really went wrong, which the editor puts into the cause. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return tidy(String(error));
  const { cause } = error;
  return tidy(cause instanceof Error && !error.message.includes(cause.message) ? `${error.message} ${cause.message}`.trim() : error.message);
}
