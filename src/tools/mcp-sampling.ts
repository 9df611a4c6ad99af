import type { CreateMessageRequest, CreateMessageResultWithTools, SamplingMessage, SamplingMessageContentBlock } from '@modelcontextprotocol/client';
import { describeAttempt } from '../models/layer.ts';
import { reserve } from '../models/model-bill.ts';
import type { FinishReason, ModelMessage, ModelRequest, ModelToolCall } from '../models/model-client.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import { standardLayers } from '../models/standard-layers.ts';
import type { Sample } from '../mcp/requests/answer-requests.ts';
import { AssassinError } from '../shared/errors.ts';
import { isObject, type Json, type JsonObject } from '../shared/json.ts';
import { grantedModel, paid } from './model-tools.ts';

type Params = CreateMessageRequest['params'];

/** No server gets a longer answer than this, in tokens. */
const maxOutput = 4096;
const leastOutput = 256;

/**
 * Lets servers put questions to the model of the run that uses them: decided on by the gate, paid from the budget of that run, on its ledger, and seen by
 * the person each time. The server gets the answer and nothing else; no context of ours goes along.
 */
export function mcpSampling(models: Pick<ModelRegistry, 'client' | 'first' | 'list' | 'pricing'>): Sample {
  return async ({ server, params, caller: { scope, step: parent }, person, signal }) => {
    const id = await chosenModel(models, params, (model) => scope.gate.allows({ kind: 'model', model }), grantedModel(scope));
    const messages = messagesOf(params);
    const tools = (params.tools ?? []).map((tool) => ({ name: tool.name, description: tool.description ?? '', inputSchema: tool.inputSchema as JsonObject }));
    const wanted = Math.max(leastOutput, Math.min(params.maxTokens, maxOutput));
    const ends = AbortSignal.any([scope.signal, signal]);
    const answer = await scope.step({ kind: 'model', name: `${server} asks a model`, ...(parent === undefined ? {} : { parent }), input: { server, model: id, maxTokens: wanted } }, async (step) => {
      await scope.gate.check({ kind: 'model', model: id }, step, { tool: `mcp.${server}` });
      if (!person.canAsk) throw new AssassinError('denied', `The MCP server ${server} wants to ask a model, and nobody is there to look at its question.`, { hint: 'Run this where you can be asked.' });
      const allowed = await scope.waits.during(() => person.review({
        server, run: scope.id, model: id, signal: ends, maxTokens: wanted, tools: tools.map(({ name }) => name),
        messages: messages.map((message) => ({ role: message.role, text: textOf(message) })), ...(params.systemPrompt === undefined ? {} : { system: params.systemPrompt }),
      }));
      if (!allowed) throw new AssassinError('denied', `You did not allow the MCP server ${server} to ask ${id}.`, { hint: 'Call it again and allow its question.' });
      const pricing = await models.pricing();
      const base = standardLayers(await models.client(id), { onAttempt: (attempt) => scope.log('warn', describeAttempt(attempt)) });
      const client = paid(base, (request) => reserve(scope, base.info, request, pricing, wanted), { scope, step, signal: ends });
      const request: ModelRequest = { messages: params.systemPrompt === undefined ? messages : [{ role: 'system', text: params.systemPrompt }, ...messages], tools, toolChoice: tools.length === 0 ? 'none' : params.toolChoice?.mode ?? 'auto' };
      let text = '';
      const calls: ModelToolCall[] = [];
      let reason: FinishReason = 'other';
      for await (const event of client.stream(request, ends)) {
        if (event.type === 'text') text += event.text;
        if (event.type === 'tool-call') calls.push(event.call);
        if (event.type === 'finish') ({ reason } = event);
      }
      // Whatever the model has said goes to a stranger.
      return scope.journal.redact({ text, reason, calls: calls.map(({ id: call, name, input }) => ({ id: call, name, input: input ?? {} })) }) satisfies Json;
    });
    return resultOf(id, answer);
  };
}

function resultOf(model: string, { text, reason, calls }: { readonly text: string; readonly reason: FinishReason; readonly calls: readonly { readonly id: string; readonly name: string; readonly input: Json }[] }): CreateMessageResultWithTools {
  const stopReason = reason === 'length' ? 'maxTokens' : reason === 'tool-calls' ? 'toolUse' : 'endTurn';
  if (calls.length === 0) return { role: 'assistant', model, stopReason, content: { type: 'text', text } };
  return {
    role: 'assistant', model, stopReason,
    content: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...calls.map(({ id, name, input }) => ({ type: 'tool_use' as const, id, name, input: isObject(input) ? { ...input } : {} }))],
  };
}

/** What the server would like counts only among the models that the run may use without asking; else it is the one of the run. */
async function chosenModel(models: Pick<ModelRegistry, 'first' | 'list'>, { modelPreferences }: Params, allowed: (model: string) => boolean, granted: string | undefined): Promise<string> {
  const hints = (modelPreferences?.hints ?? []).flatMap(({ name }) => (name === undefined || name === '' ? [] : [name.toLowerCase()]));
  const usable = hints.length === 0 ? [] : (await models.list()).map(({ id }) => id).filter(allowed);
  const hinted = hints.map((hint) => usable.find((id) => id.toLowerCase().includes(hint))).find((id) => id !== undefined);
  return hinted ?? granted ?? (await models.first()).id;
}

function messagesOf({ messages }: Params): readonly ModelMessage[] {
  const names = new Map<string, string>();
  return messages.flatMap((message) => messageOf(message, names));
}

/** @param names of the calls so far by their ids: a result comes under the id alone. */
function messageOf({ role, content }: SamplingMessage, names: Map<string, string>): readonly ModelMessage[] {
  const blocks: readonly SamplingMessageContentBlock[] = Array.isArray(content) ? content : [content];
  const text = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
  if (blocks.some((block) => block.type === 'audio')) throw new AssassinError('invalid-input', 'Sound cannot be given to a model here.', { hint: 'Only text and images can.' });
  if (role === 'assistant') {
    const calls = blocks.flatMap((block) => (block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input as JsonObject }] : []));
    for (const { id, name } of calls) names.set(id, name);
    return [{ role: 'assistant', text, calls }];
  }
  const results = blocks.flatMap((block) => (block.type === 'tool_result' ? [{
    role: 'tool' as const, callId: block.toolUseId, name: names.get(block.toolUseId) ?? 'tool', failed: block.isError === true,
    text: block.content.map((part) => (part.type === 'text' ? part.text : JSON.stringify(part))).join('\n'),
  }] : []));
  const images = blocks.flatMap((block) => (block.type === 'image' ? [{ mediaType: block.mimeType, base64: block.data }] : []));
  return [...results, ...(text === '' && images.length === 0 ? [] : [{ role: 'user' as const, text, ...(images.length === 0 ? {} : { images }) }])];
}

/** What the person is shown of a message: nothing in it may go unseen. */
function textOf(message: ModelMessage): string {
  switch (message.role) {
    case 'user':
      return [message.text, ...(message.images ?? []).map(({ mediaType, base64 }) => `[${mediaType}, ${Math.floor(base64.length * 0.75)} bytes]`)].filter((part) => part !== '').join('\n');
    case 'assistant':
      return [message.text, ...message.calls.map(({ name, input }) => `[calls ${name}(${JSON.stringify(input)})]`)].filter((part) => part !== '').join('\n');
    default:
      return message.text;
  }
}
