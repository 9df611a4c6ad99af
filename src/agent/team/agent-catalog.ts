import { didYouMean, nearNames } from '../../shared/near-names.ts';
import { AssassinError, fromErrorInfo } from '../../shared/errors.ts';
import { helper, isBrokenAgent, agentFolder, type AgentDefinition, type BrokenAgent } from './agent-definition.ts';
import type { AgentSource } from './agent-file.ts';

export interface AgentCatalogOptions {
  readonly workspace: string;
  /** The files as they are now. */
  readonly files: () => Promise<readonly AgentSource[]>;
}

interface Known {
  readonly source: AgentSource;
  readonly agent: AgentDefinition | BrokenAgent;
}

/** The agents of a workspace. Read anew each time it is asked, so that an edit counts from the next question on; what has not changed is not parsed again. */
export class AgentCatalog {
  readonly #options: AgentCatalogOptions;
  #known = new Map<string, Known>();

  constructor(options: AgentCatalogOptions) {
    this.#options = options;
  }

  /** Every agent by name, or what is wrong with it. A bad file does not hide the others. */
  async list(): Promise<readonly (AgentDefinition | BrokenAgent)[]> {
    const files = await this.#options.files();
    if (files.length === 0) return [];
    const { readAgent } = await import('./agent-file.ts');
    const known = new Map<string, Known>();
    for (const source of files) {
      const before = this.#known.get(source.path);
      const isSame = before?.source.text === source.text && before.source.problem?.message === source.problem?.message;
      known.set(source.path, isSame ? before : { source, agent: readAgent(source, this.#options.workspace) });
    }
    this.#known = known;
    return [...known.values()].map(({ agent }) => agent);
  }

  /** Throws `invalid-input` where there is none of that name, with similar names, and `invalid-config` where its file is wrong. */
  async find(name: string): Promise<AgentDefinition> {
    const agents = await this.list();
    const found = agents.find((agent) => agent.name === name);
    if (found === undefined && name === helper.name) return helper;
    if (found === undefined) {
      const names = agents.map((agent) => agent.name);
      const near = nearNames(name, names);
      throw new AssassinError('invalid-input', `There is no agent "${name}".`, {
        hint: didYouMean(near) ?? (names.length > 0 ? `There ${names.length === 1 ? 'is' : 'are'}: ${names.join(', ')}.` : `Agents are the .md files in ${agentFolder}; there is none yet.`),
        data: { agent: name, near: [...near] },
      });
    }
    if (isBrokenAgent(found)) throw fromErrorInfo(found.problems[0]);
    return found;
  }
}
