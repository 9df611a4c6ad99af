import type { RunScope } from '../../run/run-scope.ts';
import { AssassinError } from '../../shared/errors.ts';
import { ToolRegistry, type ToolListing } from '../../tools/registry.ts';
import type { Tool } from '../../tools/tool.ts';

/** The tools of a runtime that an agent's file names; the others do not exist for it. */
export class AllowedTools extends ToolRegistry {
  readonly #all: ToolRegistry;
  readonly #patterns: readonly string[];

  constructor(all: ToolRegistry, patterns: readonly string[]) {
    super();
    this.#all = all;
    this.#patterns = patterns;
  }

  override list(): readonly Tool[] {
    return this.#all.list().filter(({ name }) => this.#allows(name));
  }

  override known(): readonly Tool[] {
    return this.#all.known().filter(({ name }) => this.#allows(name));
  }

  override async catalog(scope: RunScope): Promise<ToolListing> {
    const { tools, unasked } = await this.#all.catalog(scope);
    return { tools: tools.filter(({ name }) => this.#allows(name)), unasked };
  }

  override named(name: string): Tool {
    if (this.#allows(name)) return this.#all.named(name);
    throw new AssassinError('tool-not-found', `This agent does not have the tool ${name}.`, { hint: `Its file gives it ${this.#patterns.join(', ') || 'none'}.`, data: { tool: name } });
  }

  #allows(name: string): boolean {
    return this.#patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
  }
}
