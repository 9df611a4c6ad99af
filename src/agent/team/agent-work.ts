import type { Json } from '../../shared/json.ts';
import type { ToolRegistry } from '../../tools/registry.ts';
import type { Tool } from '../../tools/tool.ts';
import type { AgentDefinition } from './agent-definition.ts';
import { AllowedTools } from './allowed-tools.ts';
import { TypedFinish } from './typed-finish.ts';

/** What the file of an agent changes in the way that a task is worked on. Without one nothing changes. */
export class AgentWork {
  readonly #agent: AgentDefinition | undefined;
  readonly #finish: TypedFinish | undefined;

  /** Throws `invalid-config` where the schema of its answer cannot be used. */
  constructor(agent: AgentDefinition | undefined) {
    this.#agent = agent;
    this.#finish = agent?.output === undefined ? undefined : new TypedFinish(agent.output);
  }

  prompt(prompt: string): string {
    return [prompt, ...(this.#agent?.role ? [`Who you are here:\n${this.#agent.role}`] : []), ...(this.#finish ? [this.#finish.instruction] : [])].join('\n');
  }

  tools(all: ToolRegistry): ToolRegistry {
    return this.#agent?.tools === undefined ? all : new AllowedTools(all, this.#agent.tools);
  }

  guard(tools: readonly Tool[]): readonly Tool[] {
    return this.#finish?.guard(tools) ?? tools;
  }

  /** Throws `model-output` for an answer that does not fit. */
  settle(answer: Json): Json {
    return this.#finish?.settle(answer) ?? answer;
  }
}
