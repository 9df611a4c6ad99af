import * as vscode from 'vscode';
import { commandId, extensionName } from './names.ts';

const endShownMs = 8000;

/** Visible only while runs go on, and for a moment after one has ended. A click opens the panel. */
export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  #live = 0;
  #waiting = 0;
  #end: { readonly text: string; readonly failed: boolean; readonly timer: NodeJS.Timeout } | undefined;

  constructor() {
    this.#item = vscode.window.createStatusBarItem(`${extensionName}.runs`, vscode.StatusBarAlignment.Left, 50);
    this.#item.name = vscode.l10n.t('Infrastructure Assassin runs');
    this.#item.command = commandId('openPanel');
  }

  /** @param waiting how many of the live runs wait for the person */
  update(live: number, waiting: number): void {
    if (live > this.#live) this.#forgetEnd();
    this.#live = live;
    this.#waiting = waiting;
    this.#render();
  }

  /** Tells for a moment how a run has ended. */
  ended(text: string, failed: boolean): void {
    this.#forgetEnd();
    const timer = setTimeout(() => {
      this.#forgetEnd();
      this.#render();
    }, endShownMs);
    this.#end = { text, failed, timer };
    this.#render();
  }

  dispose(): void {
    this.#forgetEnd();
    this.#item.dispose();
  }

  #forgetEnd(): void {
    clearTimeout(this.#end?.timer);
    this.#end = undefined;
  }

  #render(): void {
    if (this.#end) {
      const { text, failed } = this.#end;
      this.#set(`${failed ? '$(error)' : '$(pass)'} ${text}`, text, failed ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined);
    } else if (this.#live > 0) {
      const runs = this.#live === 1 ? vscode.l10n.t('1 run') : vscode.l10n.t('{0} runs', this.#live);
      if (this.#waiting > 0) this.#set(`$(bell-dot) ${vscode.l10n.t('{0}, waiting for you', runs)}`, vscode.l10n.t('{0}, waiting for you', runs));
      else this.#set(`$(loading~spin) ${runs}`, vscode.l10n.t('{0} going on', runs));
    } else this.#item.hide();
  }

  #set(text: string, label: string, backgroundColor?: vscode.ThemeColor): void {
    this.#item.text = text;
    this.#item.tooltip = vscode.l10n.t('{0}. Click to open the panel.', label);
    this.#item.accessibilityInformation = { label, role: 'button' };
    this.#item.backgroundColor = backgroundColor;
    this.#item.show();
  }
}
