/** The tools that the server scenarios call, as data: what each answers, and what it asks for before. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallToolResult, InputRequiredResult, ServerContext } from '@modelcontextprotocol/server';
import type { JsonObject } from '../../src/shared/json.ts';

export const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const wav = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';

export type Result = CallToolResult | InputRequiredResult;
export interface FixtureTool {
  readonly description: string;
  readonly input?: JsonObject;
  readonly call: (args: JsonObject, context: ServerContext) => Result | Promise<Result>;
}

export const text = (value: string): CallToolResult => ({ content: [{ type: 'text', text: value }] });
const strings = (...names: readonly string[]): JsonObject => ({ type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])), required: [...names] });
const titled = (word: string) => [1, 2, 3].map((i) => ({ const: `value${i}`, title: `${['First', 'Second', 'Third'][i - 1]} ${word}` }));
const options = ['option1', 'option2', 'option3'];

/** Asks in the middle of a call, as servers did before 2026. */
function eliciting(description: string, message: string, properties: Readonly<Record<string, object>>, required: readonly string[] = []): FixtureTool {
  return { description, call: async (args, { mcpReq }) => {
    const { action, content = {} } = await mcpReq.send({ method: 'elicitation/create', params: { mode: 'form', message: typeof args['message'] === 'string' ? args['message'] : message, requestedSchema: { type: 'object', properties, required } } });
    return text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`);
  } };
}

export const contentTools: Readonly<Record<string, FixtureTool>> = {
  test_simple_text: { description: 'One text', call: () => text('This is a simple text response for testing.') },
  test_image_content: { description: 'One picture', call: () => ({ content: [{ type: 'image', data: png, mimeType: 'image/png' }] }) },
  test_audio_content: { description: 'One sound', call: () => ({ content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }] }) },
  test_embedded_resource: { description: 'One resource', call: () => ({ content: [{ type: 'resource', resource: { uri: 'test://embedded-resource', mimeType: 'text/plain', text: 'This is an embedded resource content.' } }] }) },
  test_multiple_content_types: { description: 'Several parts', call: () => ({ content: [
    { type: 'text', text: 'Multiple content types test:' }, { type: 'image', data: png, mimeType: 'image/png' },
    { type: 'resource', resource: { uri: 'test://mixed-content-resource', mimeType: 'application/json', text: '{"test":"data","value":123}' } },
  ] }) },
  test_error_handling: { description: 'Always fails', call: () => ({ isError: true, ...text('This tool intentionally returns an error for testing') }) },
  test_tool_with_logging: { description: 'Logs while it works', call: async (_args, { mcpReq }) => {
    for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await mcpReq.notify({ method: 'notifications/message', params: { level: 'info', data } });
      await sleep(50);
    }
    return text('Logged.');
  } },
  test_tool_with_progress: { description: 'Tells how far it is', call: async (_args, { mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined) await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
      await sleep(50);
    }
    return text('Done.');
  } },
  test_sampling: { description: 'Asks the model of the client', input: strings('prompt'), call: async ({ prompt }, { mcpReq }) => {
    const { content } = await mcpReq.send({ method: 'sampling/createMessage', params: { messages: [{ role: 'user', content: { type: 'text', text: String(prompt) } }], maxTokens: 100 } });
    return text(`LLM response: ${!Array.isArray(content) && content.type === 'text' ? content.text : ''}`);
  } },
  test_elicitation: { ...eliciting('Asks the person', 'Who are you?', { username: { type: 'string', description: 'User\'s response' }, email: { type: 'string', description: 'User\'s email address' } }, ['username', 'email']), input: strings('message') },
  test_elicitation_sep1034_defaults: eliciting('Asks with defaults', 'Check the defaults', {
    name: { type: 'string', default: 'John Doe' }, age: { type: 'integer', default: 30 }, score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' }, verified: { type: 'boolean', default: true },
  }),
  test_elicitation_sep1330_enums: eliciting('Asks with every kind of choice', 'Choose', {
    untitledSingle: { type: 'string', enum: options }, titledSingle: { type: 'string', oneOf: titled('Option') },
    legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['Option One', 'Option Two', 'Option Three'] },
    untitledMulti: { type: 'array', items: { type: 'string', enum: options } }, titledMulti: { type: 'array', items: { anyOf: titled('Choice') } },
  }),
  test_logging_tool: { description: 'Logs where the client has asked for it', call: async (_args, { mcpReq }) => {
    await mcpReq.log('info', 'Working');
    return text('Logged.');
  } },
  json_schema_2020_12_tool: { description: 'Tool with JSON Schema 2020-12 features', call: () => text('Called.'), input: {
    $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object',
    $defs: { address: { $anchor: 'addressDef', type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
    properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' }, contactMethod: { type: 'string', enum: ['phone', 'email'] }, phone: { type: 'string' }, email: { type: 'string' } },
    allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
    if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] }, then: { required: ['phone'] }, else: { required: ['email'] },
    additionalProperties: false,
  } },
};
