import * as z from 'zod';
import { AssassinError } from '../shared/errors.ts';
import type { Json, JsonObject } from '../shared/json.ts';
import { plainIssues } from '../shared/plain-issue.ts';
import type { ModelClient, ModelMessage, ModelRequest, ModelUsage } from './model-client.ts';
import { addUsage } from './usage.ts';

export interface StructuredAnswer<T> {
  readonly value: T;
  /** Of all requests that it took. */
  readonly usage: ModelUsage;
  readonly requests: number;
}

export type StructuredRequest = Pick<ModelRequest, 'messages' | 'maxOutputTokens'>;

interface Said {
  readonly text: string;
  readonly usage: ModelUsage;
}

/**
 * Asks for a value of a schema. An answer that does not fit is sent back once with what is wrong with it; then `model-output`, with
 * `data.problem`, `data.answer` (its beginning) and `data.usage`. A model that refuses to be given a schema is asked in words only.
 */
export async function askFor<S extends z.ZodType>(client: ModelClient, request: StructuredRequest, schema: S, signal: AbortSignal, outputSchema: JsonObject = jsonSchemaOf(schema)): Promise<StructuredAnswer<z.output<S>>> {
  const asked: readonly ModelMessage[] = [...request.messages, { role: 'user', text: `Answer with one JSON value and nothing else. It must fit this JSON Schema:\n${JSON.stringify(outputSchema)}` }];
  const tell = (messages: readonly ModelMessage[]) => sayWithSchema(client, { ...request, messages, tools: [], toolChoice: 'none', outputSchema }, signal);

  const first = await tell(asked);
  const parsed = parse(first.text, schema);
  if (parsed.success) return { value: parsed.value, usage: first.usage, requests: 1 };

  const second = await tell([
    ...asked,
    { role: 'assistant', text: first.text, calls: [] },
    { role: 'user', text: `That does not fit the schema. ${parsed.problem}\nAnswer again with the whole corrected JSON value and nothing else.` },
  ]);
  const usage = addUsage(first.usage, second.usage);
  const again = parse(second.text, schema);
  if (again.success) return { value: again.value, usage, requests: 2 };
  throw new AssassinError('model-output', `${client.info.id} gave no answer of the shape that was asked for, also when told what was wrong. ${again.problem}`, {
    hint: 'Try again, or choose a model that follows schemas better.',
    data: { problem: again.problem, answer: second.text.slice(0, 500), usage },
  });
}

async function sayWithSchema(client: ModelClient, request: ModelRequest, signal: AbortSignal): Promise<Said> {
  try {
    return await say(client, request, signal);
  } catch (error) {
    if (!AssassinError.isInstance(error) || error.code !== 'model-refused') throw error;
    // Some servers and models know no schemas, and say so by refusing. The words in the request are left.
    const { outputSchema: _, ...inWords } = request;
    return say(client, inWords, signal);
  }
}

/** One answer as text. Throws `model-unavailable` where it breaks off. */
export async function say(client: ModelClient, request: ModelRequest, signal: AbortSignal): Promise<Said> {
  let text = '';
  for await (const event of client.stream(request, signal)) {
    if (event.type === 'text') text += event.text;
    if (event.type === 'finish') return { text, usage: event.usage };
  }
  throw new AssassinError('model-unavailable', `${client.info.id} did not finish its answer.`, { hint: 'Try again, or choose another model.' });
}

function jsonSchemaOf(schema: z.ZodType): JsonObject {
  // Through JSON: what zod makes also carries functions that are no part of the document.
  return JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input' }))) as JsonObject;
}

type Parsed<T> = { readonly success: true; readonly value: T } | { readonly success: false; readonly problem: string };

function parse<S extends z.ZodType>(text: string, schema: S): Parsed<z.output<S>> {
  const json = jsonIn(text);
  if (json === undefined) return { success: false, problem: text.trim() === '' ? 'The answer was empty.' : 'The answer is not valid JSON.' };
  const result = z.safeParse(schema, json.value);
  return result.success ? { success: true, value: result.data } : { success: false, problem: `${plainIssues(result.error)}.` };
}

/** The JSON value of an answer: the whole, or what stands in a code fence or between the outermost brackets, as models like to wrap it. */
export function jsonIn(text: string): { readonly value: Json } | undefined {
  const candidates = [text, /```(?:json)?\s*\n([\s\S]*?)\n?```/.exec(text)?.[1], /[{[][\s\S]*[}\]]/.exec(text)?.[0]];
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    try {
      return { value: JSON.parse(candidate) as Json };
    } catch {
      continue;
    }
  }
  return undefined;
}
