import * as z from 'zod';
import { describeAttempt } from '../models/layer.ts';
import type { ModelClient, ModelMessage, ModelRequest } from '../models/model-client.ts';
import { reserve } from '../models/model-bill.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import { standardLayers } from '../models/standard-layers.ts';
import { askFor, say } from '../models/structured.ts';
import { estimatedUsage, estimateInput } from '../models/usage.ts';
import type { RunScope } from '../run/run-scope.ts';
import { AssassinError } from '../shared/errors.ts';
import type { Json, JsonObject } from '../shared/json.ts';
import { tokensIn } from '../shared/token-estimate.ts';
import { compileSchema } from './compile-schema.ts';
import { defineTool, type Tool, type ToolContext } from './tool.ts';

const maxPrompt = 400_000;

/** One question to a model from a program: through the gate, paid from the budget of the run, on its ledger. */
export function modelTools(models: Pick<ModelRegistry, 'client' | 'first' | 'pricing'>): readonly Tool[] {
  const chosen = new WeakMap<ToolContext, string>();
  return [
    defineTool({
      name: 'model.ask',
      title: 'Ask a model',
      description: 'Puts one question to a language model and gives its answer: text, or with a JSON Schema a value that fits it.',
      kind: 'model',
      effects: { readOnly: true, openWorld: true, untrustedOutput: true },
      input: z.strictObject({
        prompt: z.string().min(1).max(maxPrompt),
        system: z.string().max(maxPrompt).optional(),
        model: z.string().min(1).max(300).optional().describe('provider/model'),
        schema: z.record(z.string(), z.json()).optional().describe('JSON Schema of the answer.'),
        maxOutputTokens: z.int().min(256).max(8192).default(2048),
      }),
      actions: async ({ model }, context) => {
        const id = model ?? grantedModel(context.scope) ?? (await models.first()).id;
        chosen.set(context, id);
        return [{ kind: 'model', model: id }];
      },
      run: async (input, context) => {
        const { scope } = context;
        const id = chosen.get(context);
        if (id === undefined) throw new AssassinError('internal', 'A model was about to be asked before it had been decided on.');
        const pricing = await models.pricing();
        const client = paid(standardLayers(await models.client(id), { onAttempt: (attempt) => scope.log('warn', describeAttempt(attempt)) }), (request) => reserve(scope, client.info, request, pricing, input.maxOutputTokens), context);
        const messages: readonly ModelMessage[] = [...(input.system === undefined ? [] : [{ role: 'system', text: input.system } as const]), { role: 'user', text: input.prompt }];
        if (input.schema === undefined) return (await say(client, { messages, tools: [], toolChoice: 'none' }, context.signal)).text;
        const schema = input.schema as JsonObject;
        const { value } = await askFor(client, { messages }, checkOf(schema), context.signal, schema);
        return value as Json;
      },
    }),
  ];
}

/** The model that the run was granted by name: a task's own, or the one in the grants of a chain. */
export function grantedModel({ gate }: RunScope): string | undefined {
  return gate.grants.flatMap(({ pattern }) => (pattern.kind === 'model' ? pattern.name ?? [] : []))[0];
}

/** Each request is taken from the budget before it is sent and settled when it has ended, a repeated question of a structured answer too. */
export function paid(client: ModelClient, take: (request: ModelRequest) => ReturnType<typeof reserve>, { scope, step }: ToolContext): ModelClient {
  return {
    info: client.info,
    async *stream(request, signal) {
      // A secret that the program has read must not travel to a provider.
      const clean = scope.journal.redact(request);
      const reservation = take(clean);
      let answered = 0;
      let settled = false;
      try {
        for await (const event of client.stream({ ...clean, maxOutputTokens: reservation.maxOutputTokens }, signal)) {
          if (event.type === 'finish') {
            reservation.settle(event.usage, step, event.by);
            settled = true;
          } else answered += 'text' in event ? event.text.length : 1;
          yield event;
        }
      } finally {
        if (!settled && answered > 0) reservation.settle(estimatedUsage(estimateInput(clean), tokensIn(answered)), step);
        else if (!settled) reservation.release();
      }
    },
  };
}

function checkOf(schema: JsonObject): z.ZodType {
  try {
    return compileSchema(schema);
  } catch (cause) {
    throw new AssassinError('invalid-input', `model.ask got a schema that cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`, { hint: 'Give a JSON Schema, for example { type: "object", properties: { name: { type: "string" } }, required: ["name"] }.', cause, data: { tool: 'model.ask' } });
  }
}
