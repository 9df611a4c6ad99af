import * as vscode from 'vscode';
import type { Json } from '../../shared/json.ts';
import { withSecretsMoved } from '../pasted-secrets.ts';

export interface JsonQuestion {
  readonly title: string;
  readonly prompt: string;
  /** JSON text to begin with. */
  readonly value: string;
  /** What is wrong with a value, `undefined` where nothing is. */
  readonly check: (value: Json) => string | undefined;
}

/** Asks for JSON in an input box that says what is wrong while one types. `undefined` where the person gave up. */
export async function askForJson(context: Pick<vscode.ExtensionContext, 'secrets' | 'globalState'>, { title, prompt, value, check }: JsonQuestion): Promise<Json | undefined> {
  const text = await vscode.window.showInputBox({
    title, prompt, value, ignoreFocusOut: true,
    // The cursor goes where the first value is to be typed.
    valueSelection: /^[[{][\]}]$/.test(value) ? [1, 1] : [0, value.length],
    validateInput: (typed) => {
      try {
        return check(JSON.parse(typed) as Json);
      } catch (error) {
        return vscode.l10n.t('Not JSON yet: {0}', error instanceof Error ? error.message : String(error));
      }
    },
  });
  return text === undefined ? undefined : withSecretsMoved(JSON.parse(text) as Json, context);
}
