import * as vscode from 'vscode';

export interface CompletedQuestion {
  readonly title: string;
  readonly prompt: string;
  readonly required: boolean;
  /** Values with which the text could go on. */
  readonly complete: (text: string) => Promise<readonly string[]>;
}

/** Whoever types is asked for no completions until they pause for so long, milliseconds. */
const pauseMs = 200;

/** Asks for a text and offers how it could go on; anything else may be typed too. `undefined` where the person gave up. */
export async function askWithCompletions({ title, prompt, required, complete }: CompletedQuestion): Promise<string | undefined> {
  const box = vscode.window.createQuickPick();
  box.title = title;
  box.placeholder = required ? prompt : vscode.l10n.t('{0} (may stay empty)', prompt);
  box.ignoreFocusOut = true;
  let asked = 0;
  let timer: NodeJS.Timeout | undefined;
  const offer = async () => {
    const text = box.value;
    const turn = ++asked;
    box.busy = true;
    // A server that cannot complete must not keep anybody from typing.
    const values = await complete(text).catch(() => []);
    if (turn !== asked) return;
    box.busy = false;
    box.items = [...(text === '' ? [] : [{ label: text, description: vscode.l10n.t('as typed') }]), ...values.filter((value) => value !== text).map((label) => ({ label, alwaysShow: true }))];
  };
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const listeners = vscode.Disposable.from(
    box.onDidChangeValue(() => {
      clearTimeout(timer);
      timer = setTimeout(() => void offer(), pauseMs);
    }),
    box.onDidAccept(() => {
      const value = box.activeItems[0]?.label ?? box.value;
      if (value !== '' || !required) resolve(value);
    }),
    box.onDidHide(() => resolve(undefined)),
  );
  box.show();
  void offer();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    asked += 1;
    listeners.dispose();
    box.dispose();
  }
}
