import * as z from 'zod/mini';
import { AssassinError, fromErrorInfo, toErrorInfo } from './errors.ts';
import { plainIssues } from './plain-issue.ts';
import type { EventName, MethodName, PanelEvents, Params, Result } from './protocol.ts';
import { patientMethods } from './protocol-chat.ts';
import { errorInfo } from './protocol-parts.ts';
import { events, methods } from './protocol-schema.ts';

/** One end of a channel that carries plain data both ways: a webview, or the page's side of it. */
export interface Wire {
  post(message: unknown): void;
  /** Hears every message from the other end until disposed. */
  listen(listener: (message: unknown) => void): Disposable;
}

const requestMessage = z.object({ type: z.literal('request'), id: z.int(), method: z.string(), params: z.unknown() });
const responseMessage = z.union([
  z.object({ type: z.literal('response'), id: z.int(), result: z.unknown(), error: z.optional(z.undefined()) }),
  z.object({ type: z.literal('response'), id: z.int(), error: errorInfo }),
]);
const eventMessage = z.object({ type: z.literal('event'), event: z.string(), data: z.unknown() });

export type Handlers = { readonly [M in MethodName]: (params: Params<M>) => Result<M> | Promise<Result<M>> };

const isMethod = (name: string): name is MethodName => Object.hasOwn(methods, name);
const isEvent = (name: string): name is EventName => Object.hasOwn(events, name);

export interface RpcOptions {
  readonly wire: Wire;
  readonly log: (message: string) => void;
}

/** The answering end: checks each request against its schema, answers it or says in the answer why not. */
export class RpcServer implements Disposable {
  readonly #options: RpcOptions & { readonly handlers: Handlers };
  readonly #listening: Disposable;
  #disposed = false;

  constructor(options: RpcOptions & { readonly handlers: Handlers }) {
    this.#options = options;
    this.#listening = options.wire.listen((message) => void this.#receive(message));
  }

  emit<E extends EventName>(event: E, data: PanelEvents[E]): void {
    this.#post({ type: 'event', event, data });
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#listening[Symbol.dispose]();
  }

  async #receive(message: unknown): Promise<void> {
    const request = z.safeParse(requestMessage, message);
    if (!request.success) return this.#options.log(`The panel sent a message that is not understood: ${plainIssues(request.error)}.`);
    const { id, method, params } = request.data;
    try {
      if (!isMethod(method)) throw new AssassinError('not-supported', `The panel asked for ${method}, which this version does not know.`, { hint: 'Close the panel and open it again.' });
      this.#post({ type: 'response', id, result: await this.#answer(method, params) });
    } catch (error) {
      this.#post({ type: 'response', id, error: toErrorInfo(error) });
    }
  }

  async #answer<M extends MethodName>(method: M, params: unknown): Promise<Result<M>> {
    const parsed = z.safeParse(methods[method].params, params);
    if (!parsed.success) throw new AssassinError('invalid-input', `The panel asked for ${method} in a wrong way: ${plainIssues(parsed.error)}.`, { hint: 'Close the panel and open it again.' });
    return this.#options.handlers[method](parsed.data);
  }

  #post(message: unknown): void {
    if (!this.#disposed) this.#options.wire.post(message);
  }
}

type Settle = (response: { readonly result: unknown } | { readonly error: AssassinError }) => void;

/** A host that is busy for longer than this is shown as one that does not answer. A store that is locked by another window takes up to five seconds. */
const answerLimitMs = 8000;

/** The asking end. Every request settles: by its answer, by the time limit, or when the client is disposed. */
export class RpcClient implements Disposable {
  readonly #options: RpcOptions & { readonly answerLimitMs?: number };
  readonly #pending = new Map<number, Settle>();
  readonly #listeners: { readonly [E in EventName]: Set<(data: PanelEvents[E]) => void> } = {
    changed: new Set(), open: new Set(), gone: new Set(), compose: new Set(), place: new Set(), compare: new Set(), typing: new Set(), typed: new Set(), approvals: new Set(), viewSaid: new Set(), viewEnded: new Set(),
  };
  readonly #listening: Disposable;
  #nextId = 1;
  #disposed = false;

  constructor(options: RpcOptions & { readonly answerLimitMs?: number }) {
    this.#options = options;
    this.#listening = options.wire.listen((message) => this.#receive(message));
  }

  /** Rejects with the host's error, `timeout` where it does not answer, `invalid-output` where the answer breaks the protocol. */
  request<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
    if (this.#disposed) return Promise.reject(closed());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const limit = this.#options.answerLimitMs ?? answerLimitMs;
      // A person may think about a dialog for as long as they like.
      const timer = patientMethods.has(method) ? undefined : setTimeout(() => settle({ error: new AssassinError('timeout', `The extension did not answer within ${limit / 1000} s.`, { hint: 'Reload the window if it stays like this.' }) }), limit);
      const settle: Settle = (response) => {
        clearTimeout(timer);
        this.#pending.delete(id);
        if ('error' in response) return reject(response.error);
        const parsed = z.safeParse(methods[method].result, response.result);
        if (parsed.success) resolve(parsed.data);
        else reject(new AssassinError('invalid-output', `The answer to ${method} was not understood: ${plainIssues(parsed.error)}.`, { hint: 'Close the panel and open it again.' }));
      };
      this.#pending.set(id, settle);
      this.#options.wire.post({ type: 'request', id, method, params });
    });
  }

  on<E extends EventName>(event: E, listener: (data: PanelEvents[E]) => void): Disposable {
    const listeners: Set<typeof listener> = this.#listeners[event];
    listeners.add(listener);
    return { [Symbol.dispose]: () => void listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#listening[Symbol.dispose]();
    for (const settle of this.#pending.values()) settle({ error: closed() });
  }

  #receive(message: unknown): void {
    const response = z.safeParse(responseMessage, message);
    if (response.success) {
      const { id, error } = response.data;
      this.#pending.get(id)?.(error ? { error: fromErrorInfo(error) } : { result: response.data.result });
      return;
    }
    const event = z.safeParse(eventMessage, message);
    if (event.success && isEvent(event.data.event)) this.#notify(event.data.event, event.data.data);
    else this.#options.log('The host sent a message that is not understood.');
  }

  #notify<E extends EventName>(event: E, data: unknown): void {
    const parsed = z.safeParse(events[event], data);
    if (!parsed.success) return this.#options.log(`The host sent a wrong "${event}": ${plainIssues(parsed.error)}.`);
    for (const listener of this.#listeners[event]) listener(parsed.data);
  }
}

const closed = () => new AssassinError('cancelled', 'The panel was closed.');
