import type { CDPSession, Protocol } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { AssassinError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';

/** Of our world in every document. */
export const worldName = 'infrastructure-assassin';

/** A page that navigates takes its world with it; reading again in the new document is what the caller means. */
const attempts = 4;
const retryMs = 50;
const worldGone = /Execution context was destroyed|Cannot find context|Inspected target navigated|uniqueContextId not found|No frame for given id|Frame with the given/;

/** A script error in the page's context. */
export class PageScriptError extends Error {
  override readonly name = 'PageScriptError';
}

/** A JavaScript world of our own inside a page: the same document, but none of the page's variables or patched built-ins, and out of its sight. */
export class IsolatedWorld {
  readonly #client: CDPSession;
  readonly #frame: () => string;

  /** `frame` gives the id of a frame that `client` answers for. */
  constructor(client: CDPSession, frame: () => string) {
    this.#client = client;
    this.#frame = frame;
  }

  /** Calls a self-contained function there: it must use nothing from outside its own body but its arguments. The result crosses as JSON. */
  async call<A extends readonly Json[], R>(fn: (...args: A) => R | Promise<R>, ...args: A): Promise<R> {
    return this.#again(async (context) => {
      const { result } = await this.#send(fn.toString(), args, { executionContextId: context }, true);
      return result.value as R;
    });
  }

  /** The same, for a function that returns an element: its handle, or `undefined` for null. */
  async handle<A extends readonly Json[]>(fn: (...args: A) => Element | null, ...args: A): Promise<string | undefined> {
    return this.#again(async (context) => (await this.#send(fn.toString(), args, { executionContextId: context }, false)).result.objectId);
  }

  /** As `handle`, with `this` as the root element of the document. */
  async handleIn<A extends readonly Json[]>(fn: (this: Element, ...args: A) => Element | null, ...args: A): Promise<string | undefined> {
    const source = `function (...args) { return (${fn.toString()}).apply(document.documentElement, args); }`;
    return this.#again(async (context) => (await this.#send(source, args, { executionContextId: context }, false)).result.objectId);
  }

  /** As `handle`, with `this` as the element of a handle. */
  async handleOn<A extends readonly Json[]>(objectId: string, fn: (this: Element, ...args: A) => Element | null, ...args: A): Promise<string | undefined> {
    return (await this.#send(fn.toString(), args, { objectId }, false)).result.objectId;
  }

  /** Calls `fn` with `this` as the root element of the document. */
  async callIn<A extends readonly Json[], R>(fn: (this: Element, ...args: A) => R | Promise<R>, ...args: A): Promise<R> {
    const source = `function (...args) { return (${fn.toString()}).apply(document.documentElement, args); }`;
    return this.#again(async (context) => (await this.#send(source, args, { executionContextId: context }, true)).result.value as R);
  }

  /** Calls `fn` with `this` as the element of a handle. */
  async callOn<A extends readonly Json[], R>(objectId: string, fn: (this: Element, ...args: A) => R | Promise<R>, ...args: A): Promise<R> {
    const { result } = await this.#send(fn.toString(), args, { objectId }, true);
    return result.value as R;
  }

  /** The handle of a DOM node in this world. */
  async adopt(backendNodeId: number): Promise<string | undefined> {
    const { object } = await this.#client.send('DOM.resolveNode', { backendNodeId, executionContextId: await this.#context() });
    return object.objectId;
  }

  /** The id of the frame that an element such as an iframe shows; `undefined` for any other. */
  async frameOf(objectId: string): Promise<string | undefined> {
    const { node } = await this.#client.send('DOM.describeNode', { objectId });
    return node.frameId;
  }

  /** The handle of the element that shows a frame of this world's document. */
  async ownerOf(frameId: string): Promise<string | undefined> {
    const { backendNodeId } = await this.#client.send('DOM.getFrameOwner', { frameId });
    return this.adopt(backendNodeId);
  }

  async release(objectId: string): Promise<void> {
    await this.#client.send('Runtime.releaseObject', { objectId }).catch(() => undefined);
  }

  /** Evaluates source text once: it may have effects, so it is not repeated where the page navigates meanwhile. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.#client.send('Runtime.evaluate', { expression, contextId: await this.#context(), awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw scriptError(exceptionDetails);
    return result.value;
  }

  /** Ends whatever script runs in the page: the only way to reach one that never returns. */
  terminate(): void {
    this.#client.send('Runtime.terminateExecution').catch(() => undefined);
  }

  async #context(): Promise<number> {
    const { executionContextId } = await this.#client.send('Page.createIsolatedWorld', { frameId: this.#frame(), worldName });
    return executionContextId;
  }

  async #again<T>(work: (context: number) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work(await this.#context());
      } catch (error) {
        if (attempt === attempts || !(error instanceof Error) || !worldGone.test(error.message)) throw error;
        await sleep(retryMs);
      }
    }
  }

  async #send(source: string, args: readonly Json[], on: { executionContextId: number } | { objectId: string }, returnByValue: boolean): Promise<Protocol.Runtime.CallFunctionOnResponse> {
    const answer = await this.#client.send('Runtime.callFunctionOn', { functionDeclaration: source, arguments: args.map((value) => ({ value })), ...on, returnByValue, awaitPromise: true });
    if (answer.exceptionDetails) throw scriptError(answer.exceptionDetails);
    return answer;
  }
}

function scriptError({ exception, text }: Protocol.Runtime.ExceptionDetails): Error {
  const said = exception?.description ?? (exception?.value === undefined ? text : String(exception.value));
  const message = said.split('\n    at ')[0]!;
  const selector = /: '(.*)' is not a valid selector/.exec(message)?.[1];
  if (selector === undefined) return new PageScriptError(message);
  return new AssassinError('invalid-input', `"${selector}" is not a valid CSS selector.`, { hint: 'Write a CSS selector, "text=..." for what is to be read there, or "ref=..." from page.snapshot.' });
}
