/** The prompts that the server scenarios ask for. */
import type { GetPromptResult, InputRequiredResult, ServerContext } from '@modelcontextprotocol/server';
import { answered, asks } from './rounds.ts';
import { png } from './tools.ts';

export interface FixturePrompt {
  readonly description: string;
  readonly args?: readonly string[];
  readonly get: (args: Readonly<Record<string, string>>, context: ServerContext) => GetPromptResult | Promise<GetPromptResult | InputRequiredResult>;
}

type Content = GetPromptResult['messages'][number]['content'];
const says = (...contents: readonly Content[]): GetPromptResult => ({ messages: contents.map((content) => ({ role: 'user' as const, content })) });

export const prompts: Readonly<Record<string, FixturePrompt>> = {
  test_simple_prompt: { description: 'Without arguments', get: () => says({ type: 'text', text: 'This is a simple prompt for testing.' }) },
  test_prompt_with_arguments: { description: 'With arguments', args: ['arg1', 'arg2'], get: ({ arg1, arg2 }) => says({ type: 'text', text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` }) },
  test_prompt_with_embedded_resource: { description: 'With a resource', args: ['resourceUri'], get: ({ resourceUri = '' }) => says({ type: 'resource', resource: { uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' } }, { type: 'text', text: 'Please process the embedded resource above.' }) },
  test_prompt_with_image: { description: 'With a picture', get: () => says({ type: 'image', data: png, mimeType: 'image/png' }, { type: 'text', text: 'Please analyze the image above.' }) },
  test_input_required_result_prompt: { description: 'Asks first', get: (_args, context) => {
    const said = answered(context, 'user_context', 'context');
    return said === undefined
      ? asks({ user_context: { method: 'elicitation/create', params: { mode: 'form', message: 'What context should the prompt use?', requestedSchema: { type: 'object', properties: { context: { type: 'string' } }, required: ['context'] } } } })
      : says({ type: 'text', text: `In the context of ${said}` });
  } },
};
