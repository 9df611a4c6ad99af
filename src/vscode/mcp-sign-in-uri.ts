import * as vscode from 'vscode';
import { Callback } from '../mcp/oauth/callback.ts';
import { tooManyAnswers } from '../mcp/oauth/oauth-errors.ts';
import type { WayBack } from '../mcp/oauth/sign-in-door.ts';

const path = '/mcp-sign-in';

/** The way back through an address of the editor, for windows whose programs run on another machine: a port there cannot be reached by the browser here. */
export class UriWayBacks {
  readonly #extension: string;
  readonly #waiting = new Set<Callback>();
  #handler: vscode.Disposable | undefined;

  constructor(extension: string) {
    this.#extension = extension;
  }

  /** The editor hears of such addresses only while a sign-in waits for one. */
  async open(state: string, signal: AbortSignal): Promise<WayBack> {
    const own = vscode.Uri.from({ scheme: vscode.env.uriScheme, authority: this.#extension, path });
    const redirectUrl = (await vscode.env.asExternalUri(own)).toString(true);
    const callback = new Callback(state, signal, tooManyAnswers);
    this.#waiting.add(callback);
    this.#handler ??= vscode.window.registerUriHandler({ handleUri: (uri) => this.#take(uri) });
    const close = () => {
      this.#waiting.delete(callback);
      if (this.#waiting.size > 0) return;
      this.#handler?.dispose();
      this.#handler = undefined;
    };
    void callback.answer.then(close, close);
    return {
      redirectUrl, answer: callback.answer,
      deliver: (address) => callback.deliver(new URLSearchParams(URL.parse(address)?.search ?? '')),
      [Symbol.asyncDispose]: () => Promise.resolve(close()),
    };
  }

  #take(uri: vscode.Uri): void {
    if (uri.path !== path) return;
    // The editor hands the query over decoded; a plus sign in it was one.
    const query = new URLSearchParams(uri.query.replaceAll('+', '%2B'));
    for (const callback of this.#waiting) if (callback.deliver(query)) return;
  }
}
