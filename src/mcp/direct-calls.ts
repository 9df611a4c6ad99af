import type { CallToolResult, JSONRPCMessage } from '@modelcontextprotocol/client';
import { isRecord } from '../shared/json.ts';
import type { CallEnd } from './call-clock.ts';
import type { ProtocolEra } from './era-book.ts';
import { plainResult } from './plain-result.ts';

/** Ids of these calls begin here: far from the library's own, which count from 0, and still whole numbers of 32 bits for servers that keep them so. */
const firstId = 1_500_000_000;

type Fields = Readonly<Record<string, unknown>>;

export interface DirectCall {
  readonly name: string;
  /** The object itself names the call again, should its answer be the library's to judge. */
  readonly arguments: Fields;
  readonly meta: Fields;
  readonly end: CallEnd;
  readonly onProgress: (progress: { readonly progress: number; readonly total?: number; readonly message?: string }) => void;
  /** Hears that an answer is there before it is looked at. */
  readonly near?: { tell(): void } | undefined;
}

interface Waiting {
  readonly call: DirectCall;
  readonly id: number;
  readonly settle: PromiseWithResolvers<CallToolResult | undefined>;
}

/** Sends a message and waits for nothing; `failed` hears why it could not be sent, or not be answered. */
export type SendMessage = (message: JSONRPCMessage, end: CallEnd, failed: (error: unknown) => void) => void;

/**
 * Calls of tools that go past the library, because its checks of each message cost more than all the rest of a call. It is asked for nothing but what is
 * beyond doubt: an answer that is plain text. Whatever else is answered is kept, and given to the library in place of an answer from the server when it asks
 * the same; so there is one judge of what is odd, and a call is sent once.
 */
export class DirectCalls {
  readonly #send: SendMessage;
  readonly #waiting = new Map<number, Waiting>();
  readonly #kept = new WeakMap<object, Fields>();
  readonly #eras: readonly ProtocolEra[];
  #next = firstId;

  /** @param eras of the protocol in which the way to the server leaves an answer as it is. */
  constructor(send: SendMessage, eras: readonly ProtocolEra[] = ['legacy', 'modern']) {
    this.#send = send;
    this.#eras = eras;
  }

  speaks(era: ProtocolEra | undefined): boolean {
    return era !== undefined && this.#eras.includes(era);
  }

  /** `undefined` where the answer is kept for the library. Rejects with what the call is given up with, of which the server is told, and where nothing can be sent or the connection ends. */
  call(call: DirectCall): Promise<CallToolResult | undefined> {
    const { end, name, meta } = call;
    if (end.givenUp !== undefined) return Promise.reject(end.givenUp.reason);
    const id = this.#next++;
    const settle = Promise.withResolvers<CallToolResult | undefined>();
    this.#waiting.set(id, { call, id, settle });
    end.onGivenUp((reason) => {
      if (!this.#waiting.delete(id)) return;
      settle.reject(reason);
      this.#send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id, reason: String(reason), ...(Object.keys(meta).length === 0 ? {} : { _meta: meta }) } }, end, () => undefined);
    });
    this.#send({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: call.arguments, _meta: { ...meta, progressToken: id } } }, end, (error) => {
      if (this.#waiting.delete(id)) settle.reject(error);
    });
    return settle.promise;
  }

  /** Whether this was the answer of one of these calls, or told how far it is: then nobody else need hear it. */
  take(message: unknown): boolean {
    if (this.#waiting.size === 0 || !isRecord(message) || message['jsonrpc'] !== '2.0') return false;
    if (message['method'] === 'notifications/progress') return this.#progress(message['params']);
    const { id } = message;
    const waiting = typeof id === 'number' ? this.#waiting.get(id) : undefined;
    // An answer has these three parts and no other.
    if (waiting === undefined || message['method'] !== undefined || Object.keys(message).length !== 3) return false;
    waiting.call.near?.tell();
    const result = plainResult(message['result']);
    if (result === undefined) this.#kept.set(waiting.call.arguments, message);
    this.#waiting.delete(waiting.id);
    waiting.settle.resolve(result);
    return true;
  }

  /** What the server has answered to this already, as an answer to it. */
  answerTo(message: JSONRPCMessage): Fields | undefined {
    if (!('method' in message) || message.method !== 'tools/call' || !('id' in message)) return undefined;
    const args = message.params?.['arguments'];
    const kept = isRecord(args) ? this.#kept.get(args) : undefined;
    // Once: what it asks after that, the server has not heard yet.
    if (kept !== undefined) this.#kept.delete(args as object);
    return kept === undefined ? undefined : { ...kept, id: message.id };
  }

  /** The connection has ended. */
  lost(error: Error): void {
    for (const { settle } of this.#waiting.values()) settle.reject(error);
    this.#waiting.clear();
  }

  #progress(params: unknown): boolean {
    if (!isRecord(params)) return false;
    const { progressToken, progress, total, message } = params;
    const waiting = typeof progressToken === 'number' ? this.#waiting.get(progressToken) : undefined;
    if (waiting === undefined || typeof progress !== 'number' || (total !== undefined && typeof total !== 'number') || (message !== undefined && typeof message !== 'string')) return false;
    waiting.call.onProgress({ progress, ...(total === undefined ? {} : { total }), ...(message === undefined ? {} : { message }) });
    return true;
  }
}
