import type { Json, JsonObject } from '../shared/json.ts';

/** What one model can do, as far as its provider says. A missing field is unknown, not false. */
export interface ModelInfo {
  /** `provider/model`, unique among the connected ones, for example `ollama/qwen3:8b` or `vscode/copilot-gpt-5`. */
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly label: string;
  readonly contextTokens?: number;
  readonly tools?: boolean;
  readonly images?: boolean;
  readonly reasoning?: boolean;
  /** Set in lists; absent where it is unpriced, which is not nothing. */
  readonly rate?: ModelRate;
}

/** US dollars for a million tokens, at the price of small requests. */
export interface ModelRate {
  readonly input: number;
  readonly output: number;
}

export interface ModelToolCall {
  /** As the model gave it; unique within the conversation, or made so by the adapter. */
  readonly id: string;
  readonly name: string;
  /** Parsed arguments; `undefined` with `problem` set where they were no valid JSON. */
  readonly input: Json | undefined;
  readonly problem?: string;
}

/** What a model thought before it went on. Never an answer, but some providers want it back with the calls that followed it. */
export interface ModelThought {
  /** Empty where the provider keeps it to itself. */
  readonly text: string;
  /** The provider's own, such as a signature; passed back as it came. */
  readonly attached?: JsonObject;
}

/** How much a model thinks before it answers; each provider makes its own of it. */
export const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const;
export type Effort = (typeof efforts)[number];

export interface ModelPicture {
  readonly mediaType: string;
  readonly base64: string;
  /** SHA-256 of its bytes, under which the run keeps them. */
  readonly blob?: string;
}

export type ModelMessage =
  | { readonly role: 'system'; readonly text: string }
  | { readonly role: 'user'; readonly text: string; readonly images?: readonly ModelPicture[] }
  | { readonly role: 'assistant'; readonly text: string; readonly calls: readonly ModelToolCall[]; readonly thoughts?: readonly ModelThought[] }
  /** The answer to exactly one call of the assistant message before, under that call's own id. Wires that take no pictures there send them right after it. */
  | { readonly role: 'tool'; readonly callId: string; readonly name: string; readonly text: string; readonly failed: boolean; readonly images?: readonly ModelPicture[] };

export interface ModelTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
}

export interface ModelRequest {
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  /** `required`: it must call a tool. */
  readonly toolChoice: 'auto' | 'required' | 'none';
  readonly maxOutputTokens?: number;
  /** The provider's own choice where absent. */
  readonly effort?: Effort;
  /** Asks for an answer that fits this JSON Schema; the caller still has to check it. */
  readonly outputSchema?: JsonObject;
}

/** Token counts of one request. `uncachedInput + cachedInput + cacheWrite` is the whole input. `mark` says who counted. */
export interface ModelUsage {
  readonly uncachedInput: number;
  readonly cachedInput: number;
  readonly cacheWrite: number;
  readonly output: number;
  /** Part of `output` that was reasoning. */
  readonly reasoning: number;
  readonly mark: 'measured' | 'estimated';
  /** The service tier that answered, `standard` or one with prices of its own. Absent where the provider did not say. */
  readonly tier?: string;
  /** US dollars that the provider says it has charged for this request. */
  readonly billedUsd?: number;
}

export type FinishReason = 'stop' | 'tool-calls' | 'length' | 'content-filter' | 'other';

/**
 * What a model says, as it comes. Exactly one `finish` is the last event of a stream that did not throw. An empty text is a sign of life: long
 * arguments are on their way, which come as one call at their end.
 */
export type ModelEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  /** The whole of what came as `reasoning`, for the message that will carry it back. */
  | { readonly type: 'thought'; readonly thought: ModelThought }
  | { readonly type: 'tool-call'; readonly call: ModelToolCall }
  | { readonly type: 'finish'; readonly reason: FinishReason; readonly usage: ModelUsage; /** the model that answered, where it is not the one that was asked */ readonly by?: ModelInfo };

/**
 * One model behind one wire. Throws `model-*` errors: `model-auth` (never retried), `model-rate-limited` (`data.retryAfterMs` where the
 * provider said so), `model-unavailable` (connection, 5xx, time-outs; worth another try), `model-refused` (the request itself is wrong).
 */
export interface ModelClient {
  readonly info: ModelInfo;
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
}
