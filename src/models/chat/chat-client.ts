import type { IncomingMessage } from 'node:http';
import { systemResolver } from '../../policy/egress.ts';
import { egressRequests, type EgressRequests } from '../../policy/egress-request.ts';
import { SseData } from '../../policy/sse-data.ts';
import { wireError } from '../ai-sdk-errors.ts';
import { longest, redirected, unreachable } from '../http-fetch.ts';
import type { ModelClient, ModelEvent, ModelInfo, ModelRequest } from '../model-client.ts';
import { messageIn, modelError } from '../model-errors.ts';
import type { ServiceTier } from '../service-tier.ts';
import { CallIds, toolCall } from '../tool-calls.ts';
import { usageOf } from '../usage.ts';
import { BodyPieces } from './body-pieces.ts';
import { ChatAnswer } from './chat-answer.ts';
import { ChatBody } from './chat-body.ts';

export interface ChatClientOptions {
  readonly info: ModelInfo;
  /** Where the wire's paths go below, without a slash at its end. Nothing outside of its origin is ever asked. */
  readonly baseUrl: URL;
  /** Asked before each request, so that a key that was changed meanwhile holds. */
  readonly apiKey: () => Promise<string | undefined>;
  /** Longest time to resolve the name, connect and agree on TLS, milliseconds. */
  readonly connectMs: number;
  readonly serviceTier?: ServiceTier;
}

/** Signatures that came with calls are kept for this many; the oldest go. After a restart they are gone. */
const signatureLimit = 2000;

/**
 * One model of a server that speaks OpenAI's chat completions. A wire of our own: through the general one, with its web streams and its schema for each piece, a
 * turn costs several times what the rest of the loop does.
 */
export class ChatClient implements ModelClient {
  readonly info: ModelInfo;
  readonly #options: ChatClientOptions;
  readonly #url: URL;
  readonly #requests: EgressRequests;
  readonly #signatures = new Map<string, string>();
  readonly #body: ChatBody;

  constructor(options: ChatClientOptions) {
    const { info, baseUrl, connectMs, serviceTier } = options;
    this.info = info;
    this.#options = options;
    this.#url = new URL(`${baseUrl.href.replace(/\/$/, '')}/chat/completions`);
    const { origin } = baseUrl;
    this.#requests = egressRequests({ allows: (url) => url.origin === origin, reach: 'configured', connectMs, resolver: systemResolver });
    const maxTokensField = baseUrl.hostname === 'api.openai.com' ? 'max_completion_tokens' : 'max_tokens';
    this.#body = new ChatBody({ model: info.model, maxTokensField, signature: (id) => this.#signatures.get(id), ...(serviceTier === undefined ? {} : { serviceTier }) });
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void, undefined> {
    signal.throwIfAborted();
    let pieces: BodyPieces | undefined;
    try {
      const message = await this.#send(this.#body.text(request), signal);
      pieces = new BodyPieces(message, longest.bytes, () => longest.error(this.#url.host, longest.bytes));
      if (message.statusCode !== 200) throw await this.#refused(message, pieces);
      yield* this.#answer(request, pieces);
      pieces.leave();
    } catch (error) {
      signal.throwIfAborted();
      throw wireError(error, this.info);
    } finally {
      // Whoever stops reading early must not leave the provider writing.
      pieces?.break();
    }
  }

  async *#answer(request: ModelRequest, pieces: BodyPieces): AsyncGenerator<ModelEvent, void, undefined> {
    const events = new SseData();
    const answer = new ChatAnswer();
    read: for (let piece = await pieces.next(); piece !== undefined; piece = await pieces.next()) {
      for (const data of events.take(piece)) {
        if (data.trim() === '[DONE]') break read;
        yield* answer.take(data);
      }
    }
    yield* answer.thoughts();
    const { calls, reason, usage } = answer.end();
    if (calls.length > 0) {
      const ids = new CallIds(request.messages);
      const names = this.#body.names(request);
      for (const { id, name, text, signature } of calls) {
        const own = ids.unique(id);
        this.#keep(own, signature);
        yield { type: 'tool-call', call: toolCall(own, names.fromWire(name), text) };
      }
    }
    yield { type: 'finish', reason, usage: usageOf(usage, request, answer.characters) };
  }

  async #send(body: string, signal: AbortSignal): Promise<IncomingMessage> {
    const apiKey = await this.#options.apiKey();
    try {
      return await this.#requests.send({
        url: this.#url, method: 'POST', signal, body: Buffer.from(body),
        headers: { 'content-type': 'application/json', 'user-agent': 'infrastructure-assassin', ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }) },
      });
    } catch (error) {
      signal.throwIfAborted();
      throw unreachable(this.#url, error);
    }
  }

  async #refused(message: IncomingMessage, pieces: BodyPieces): Promise<Error> {
    const { statusCode: status = 500, headers } = message;
    if (status >= 300 && status < 400) return redirected(this.#url, headers.location);
    const body = await pieces.text();
    if (status < 300) return new Error(`it answered with status ${status} and no stream.`);
    const text = messageIn(body);
    const plain = Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
    return modelError({ provider: this.info.provider, model: this.info.model, status, text, headers: plain, body });
  }

  #keep(callId: string, signature: string | undefined): void {
    // Ids are unique in one conversation only: in another one the same id may have had a signature.
    this.#signatures.delete(callId);
    if (signature === undefined) return;
    this.#signatures.set(callId, signature);
    if (this.#signatures.size > signatureLimit) for (const oldest of this.#signatures.keys()) return void this.#signatures.delete(oldest);
  }
}
