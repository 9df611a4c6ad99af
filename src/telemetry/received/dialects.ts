import type { StepKind } from '../../shared/events.ts';
import { parsedJson, type Json, type JsonObject } from '../../shared/json.ts';
import { ownEntry } from '../../shared/own-entry.ts';
import { textOf } from './attributes.ts';
import type { ReceivedSpan } from './received-span.ts';
import { usageOf, type ReceivedUsage } from './received-usage.ts';

/** What a span says in the words of whoever wrote it: the conventions of OpenTelemetry, OpenInference, Langfuse, the AI SDK or OpenLLMetry. */
export interface SpanMeaning {
  readonly kind: StepKind;
  /** The attributes that hold what went in and what came out. */
  readonly inputKey?: string;
  readonly outputKey?: string;
  readonly model?: string;
  /** Of requests to models only: spans around them repeat their sums. */
  readonly usage: ReceivedUsage;
  readonly session?: string;
  readonly tags: readonly string[];
  /** What the whole trace is called. */
  readonly traceName?: string;
}

const kinds: Readonly<Record<string, StepKind>> = {
  // openinference.span.kind and langfuse.observation.type, in small letters
  llm: 'model', generation: 'model', embedding: 'model', tool: 'tool', retriever: 'retriever', reranker: 'retriever', guardrail: 'evaluator', evaluator: 'evaluator', agent: 'agent', chain: 'chain',
  // gen_ai.operation.name
  chat: 'model', text_completion: 'model', generate_content: 'model', embeddings: 'model', execute_tool: 'tool', retrieval: 'retriever', invoke_agent: 'agent', create_agent: 'agent', invoke_workflow: 'chain',
  // ai.operationId
  'ai.generatetext.dogenerate': 'model', 'ai.streamtext.dostream': 'model', 'ai.toolcall': 'tool', 'ai.generatetext': 'chain', 'ai.streamtext': 'chain',
};
const kindKeys = ['openinference.span.kind', 'langfuse.observation.type', 'gen_ai.operation.name', 'ai.operationId', 'traceloop.span.kind'];
const inputKeys = ['input.value', 'langfuse.observation.input', 'gen_ai.input.messages', 'gen_ai.tool.call.arguments', 'gen_ai.prompt', 'ai.prompt.messages', 'ai.prompt', 'ai.toolCall.args', 'traceloop.entity.input', 'langfuse.trace.input'];
const outputKeys = ['output.value', 'langfuse.observation.output', 'gen_ai.output.messages', 'gen_ai.tool.call.result', 'gen_ai.completion', 'ai.response.text', 'ai.toolCall.result', 'traceloop.entity.output', 'langfuse.trace.output'];
/** Messages that are written as an attribute for each part of each of them. */
const inputMessages = /^(?:llm\.input_messages\.(\d+)\.message\.content|gen_ai\.prompt\.(\d+)\.content)$/;
const outputMessages = /^(?:llm\.output_messages\.(\d+)\.message\.content|gen_ai\.completion\.(\d+)\.content)$/;
const modelKeys = ['gen_ai.response.model', 'gen_ai.request.model', 'llm.model_name', 'langfuse.observation.model.name', 'ai.model.id', 'embedding.model_name'];
const client = 3;

export function meaningOf({ attributes, kind, parentSpanId }: Pick<ReceivedSpan, 'attributes' | 'kind' | 'parentSpanId'>): SpanMeaning {
  const said = kindKeys.map((key) => attributes[key]).flatMap((value) => (typeof value === 'string' ? ownEntry(kinds, value.toLowerCase()) ?? [] : [])).at(0);
  const step: StepKind = typeof attributes['mcp.method.name'] === 'string' ? 'mcp'
    : said ?? (kind === client && ('http.request.method' in attributes || 'http.method' in attributes) ? 'http' : parentSpanId === undefined ? 'run' : 'chain');
  return {
    kind: step,
    ...optional('inputKey', inputKeys.find((key) => attributes[key] !== undefined) ?? lastMessage(attributes, inputMessages)),
    ...optional('outputKey', outputKeys.find((key) => attributes[key] !== undefined) ?? lastMessage(attributes, outputMessages)),
    ...optional('model', textOf(attributes, modelKeys)),
    usage: step === 'model' ? usageOf(attributes) : {},
    ...optional('session', textOf(attributes, ['session.id', 'langfuse.session.id', 'gen_ai.conversation.id'])),
    tags: ['langfuse.trace.tags', 'tag.tags'].flatMap((key) => textsOf(attributes[key])),
    ...optional('traceName', textOf(attributes, ['langfuse.trace.name'])),
  };
}

const optional = <K extends string, V>(key: K, value: V | undefined) => (value === undefined ? {} : { [key]: value }) as Partial<Record<K, V>>;

/** The attribute of the last of them; those before it stay among the attributes. */
function lastMessage(attributes: JsonObject, names: RegExp): string | undefined {
  const numberOf = (key: string) => Number(names.exec(key)?.slice(1).find((digits) => digits !== undefined));
  return Object.keys(attributes).filter((key) => names.test(key)).sort((a, b) => numberOf(a) - numberOf(b)).at(-1);
}

/** Lists are lists, or written as JSON. */
function textsOf(value: Json | undefined): readonly string[] {
  const list = typeof value === 'string' && value.startsWith('[') ? parsedJson(value) : value;
  return (Array.isArray(list) ? list : []).filter((item): item is string => typeof item === 'string' && item !== '');
}
