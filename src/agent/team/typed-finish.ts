import { AssassinError } from '../../shared/errors.ts';
import type { Json, JsonSchema } from '../../shared/json.ts';
import type { Tool } from '../../tools/tool.ts';
import { valueCheck, type ValueCheck } from './value-check.ts';

/** Holds the answer of an agent to the schema of its file: what does not fit is sent back once, and then ends the task. */
export class TypedFinish {
  readonly #check: ValueCheck;
  readonly #schema: JsonSchema;
  #sentBack = false;

  constructor(schema: JsonSchema) {
    const check = valueCheck(schema);
    if (typeof check === 'string') throw new AssassinError('invalid-config', `The output schema of the agent ${check}.`, { hint: 'Write a JSON Schema.' });
    this.#check = check;
    this.#schema = schema;
  }

  /** What the agent is told of it. */
  get instruction(): string {
    return `The result that you finish with must be JSON that fits this schema: ${JSON.stringify(this.#schema)}`;
  }

  /** The tools with a `finish` that looks at the result first. */
  guard(tools: readonly Tool[]): readonly Tool[] {
    return tools.map((tool) => (tool.name !== 'finish' ? tool : {
      ...tool,
      run: (input, context) => {
        const { result = null } = input as { readonly result?: Json };
        const problems = this.#check(result);
        if (problems.length > 0 && !this.#sentBack) {
          this.#sentBack = true;
          throw new AssassinError('invalid-output', `The result does not fit the schema. ${problems.join('. ')}.`, { hint: 'Finish again with a result that fits.', data: { tool: 'finish', issues: problems } });
        }
        return tool.run(input, context);
      },
    }));
  }

  /** The answer as it was given, or as the JSON that its words are. Throws `model-output` where it does not fit. */
  settle(answer: Json): Json {
    const value = typeof answer === 'string' && this.#check(answer).length > 0 ? parsed(answer) : answer;
    const problems = this.#check(value);
    if (problems.length > 0) throw new AssassinError('model-output', `The agent's answer does not fit its schema. ${problems.join('. ')}.`, { hint: 'Say in its role what is wanted, or choose another model.', data: { issues: problems } });
    return value;
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text.replace(/^\s*```(?:json)?\s*|\s*```\s*$/g, '')) as Json;
  } catch {
    return text;
  }
}
