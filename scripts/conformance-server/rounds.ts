/** Tools that ask by their result, and are called again with the answer, as the protocol has it since 2026. */
import { createRequestStateCodec, type InputRequest, type InputRequests, type InputRequiredResult, type ServerContext, MissingRequiredClientCapabilityError } from '@modelcontextprotocol/server';
import { text, type FixtureTool } from './tools.ts';

/** The state goes through the client: it is signed, so that a changed one is refused. */
export const codec = createRequestStateCodec({ key: 'a-key-of-the-conformance-server-only-0123456789', ttlSeconds: 600 });

const form = (message: string, name: string, type: 'string' | 'boolean' = 'string'): InputRequest => ({ method: 'elicitation/create', params: { mode: 'form', message, requestedSchema: { type: 'object', properties: { [name]: type === 'boolean' ? { type: 'boolean' } : { type: 'string' } }, required: [name] } } });
const sampling = (question: string, maxTokens: number): InputRequest => ({ method: 'sampling/createMessage', params: { messages: [{ role: 'user', content: { type: 'text', text: question } }], maxTokens } });
const roots: InputRequest = { method: 'roots/list', params: {} };

export async function asks(inputRequests: InputRequests, context?: ServerContext, state?: object): Promise<InputRequiredResult> {
  return { resultType: 'input_required', inputRequests, ...(state === undefined || context === undefined ? {} : { requestState: await codec.mint(state, context) }) };
}

/** The answer to a form with that field, where it is one. */
export function answered(context: ServerContext, key: string, field: string): string | undefined {
  const answer = context.mcpReq.inputResponses?.[key];
  if (typeof answer !== 'object' || answer === null || !('content' in answer)) return undefined;
  const { content } = answer;
  return typeof content === 'object' && content !== null && field in content ? String(Object.entries(content).find(([name]) => name === field)?.[1]) : undefined;
}

const has = ({ mcpReq: { inputResponses = {} } }: ServerContext, ...keys: readonly string[]) => keys.every((key) => typeof inputResponses[key] === 'object' && inputResponses[key] !== null);

function declaredBy({ mcpReq: { envelope = {} } }: ServerContext): object {
  const declared: unknown = Object.entries(envelope).find(([key]) => key === 'io.modelcontextprotocol/clientCapabilities')?.[1];
  return typeof declared === 'object' && declared !== null ? declared : {};
}

export const roundTools: Readonly<Record<string, FixtureTool>> = {
  test_input_required_result_elicitation: { description: 'Asks for a name', call: (_args, context) => {
    const name = answered(context, 'user_name', 'name');
    return name === undefined ? asks({ user_name: form('What is your name?', 'name') }) : text(`Hello, ${name}!`);
  } },
  test_input_required_result_sampling: { description: 'Asks a model', call: (_args, context) => (has(context, 'capital_question') ? text(`The model said ${JSON.stringify(context.mcpReq.inputResponses?.['capital_question'])}`) : asks({ capital_question: sampling('What is the capital of France?', 100) })) },
  test_input_required_result_list_roots: { description: 'Asks for roots', call: (_args, context) => (has(context, 'client_roots') ? text(`Roots: ${JSON.stringify(context.mcpReq.inputResponses?.['client_roots'])}`) : asks({ client_roots: roots })) },
  test_input_required_result_request_state: { description: 'Asks with a state', call: (_args, context) => (has(context, 'confirm') && context.mcpReq.requestState() !== undefined ? text('state-ok') : asks({ confirm: form('Please confirm', 'ok', 'boolean') }, context, { step: 1 })) },
  test_input_required_result_tampered_state: { description: 'Asks with a signed state', call: (_args, context) => (has(context, 'confirm') ? text('state-ok') : asks({ confirm: form('Please confirm', 'ok', 'boolean') }, context, { step: 1 })) },
  test_input_required_result_multiple_inputs: { description: 'Asks three things at once', call: (_args, context) => (has(context, 'user_name', 'greeting', 'client_roots') ? text('All three have come.') : asks({ user_name: form('What is your name?', 'name'), greeting: sampling('Generate a greeting', 50), client_roots: roots }, context, { step: 1 })) },
  test_input_required_result_multi_round: { description: 'Asks twice', call: (_args, context) => {
    if (has(context, 'step2')) return text('Both answers have come.');
    return has(context, 'step1') ? asks({ step2: form('Step 2: What is your favorite color?', 'color') }, context, { step: 2 }) : asks({ step1: form('Step 1: What is your name?', 'name') }, context, { step: 1 });
  } },
  test_input_required_result_capabilities: { description: 'Asks only for what the client can do', call: (_args, context) => {
    const declared = declaredBy(context);
    const { inputResponses = {} } = context.mcpReq;
    const requests: InputRequests = { ...('elicitation' in declared ? { name: form('What is your name?', 'name') } : {}), ...('sampling' in declared ? { greeting: sampling('Generate a greeting', 50) } : {}), ...('roots' in declared ? { client_roots: roots } : {}) };
    return Object.keys(requests).length === 0 || Object.keys(inputResponses).length > 0 ? text('Nothing to ask.') : asks(requests);
  } },
  test_missing_capability: { description: 'Needs a model of the client', call: (_args, context) => {
    if (!('sampling' in declaredBy(context))) throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
    return text('The client has a model.');
  } },
  test_streaming_elicitation: { description: 'Tells that it works, and then asks', call: async (_args, context) => {
    const { mcpReq } = context;
    if (mcpReq._meta?.progressToken !== undefined) await mcpReq.notify({ method: 'notifications/progress', params: { progressToken: mcpReq._meta.progressToken, progress: 1 } });
    return has(context, 'user_name') ? text('Answered.') : asks({ user_name: form('What is your name?', 'name') });
  } },
};
