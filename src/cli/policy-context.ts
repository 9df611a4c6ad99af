import { ChainCatalog, firstProblem } from '../chains/chain-catalog.ts';
import { grantsOf, isBroken } from '../chains/chain-file.ts';
import type { Rule } from '../policy/authorize.ts';
import { explain, type Explanation } from '../policy/explain.ts';
import { parseGrants, type Grant } from '../policy/grant.ts';
import { parseAction } from '../policy/parse-action.ts';
import { parseRules } from '../policy/rules.ts';
import { resolvePath } from '../workspace/paths.ts';
import { readWorkspaceSettings } from './workspace-settings.ts';

/** Which run a decision is asked about. */
export interface PolicyQuestion {
  readonly action: string;
  /** By name or file; absent, only `allow` and the rules count. */
  readonly chain?: string;
  readonly allow?: readonly string[];
}

/** What the gate would decide on the command line in a workspace, without a run and without a store. */
export class PolicyContext {
  readonly #workspace: string;
  readonly #rules: readonly Rule[];
  readonly #chains: ChainCatalog;

  private constructor(workspace: string, rules: readonly Rule[]) {
    this.#workspace = workspace;
    this.#rules = rules;
    this.#chains = new ChainCatalog({ workspace });
  }

  /** @param workspace a real path. Throws `invalid-config` and `invalid-grant`. */
  static async open(workspace: string): Promise<PolicyContext> {
    const { rules } = await readWorkspaceSettings(workspace);
    return new PolicyContext(workspace, parseRules(rules, workspace));
  }

  /** Throws `invalid-input`, `invalid-grant` and what is wrong with the chain. */
  async explain({ action, chain, allow = [] }: PolicyQuestion): Promise<Explanation> {
    const workspace = this.#workspace;
    const grants = [...(chain === undefined ? [] : await this.#grantsOf(chain)), ...parseGrants(allow, workspace, { origin: '--allow' })];
    const resolved = await parseAction(action, { workspace, resolvePath: async (path) => (await resolvePath(workspace, path)).path });
    return explain(resolved, grants, this.#rules, workspace);
  }

  async #grantsOf(nameOrPath: string): Promise<readonly Grant[]> {
    const { chain } = await this.#chains.read(await this.#chains.resolve(nameOrPath));
    if (isBroken(chain)) throw firstProblem(chain);
    return grantsOf(chain, this.#workspace);
  }
}
