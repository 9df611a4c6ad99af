import { realpath } from 'node:fs/promises';
import { ChainCatalog } from '../chains/chain-catalog.ts';
import { explainAction, type PolicyQuestion, type PolicySituation } from '../chains/explain-action.ts';
import { DecisionBook } from '../policy/decisions.ts';
import type { Explanation } from '../policy/explain.ts';
import { ownRules, parseRules } from '../policy/rules.ts';
import { DecisionFile } from '../store/decision-file.ts';
import { readUserSettings } from './user-settings.ts';
import { readWorkspaceSettings } from './workspace-settings.ts';

/** What the gate would decide on the command line in a workspace, without a run and without a store. */
export class PolicyContext {
  readonly decisions: DecisionBook;
  readonly #situation: PolicySituation;

  private constructor(situation: PolicySituation, decisions: DecisionBook) {
    this.#situation = situation;
    this.decisions = decisions;
  }

  /** @param workspace a real path. Throws `invalid-config` and `invalid-grant`. */
  static async open(workspace: string, dataFolder: string, env: Readonly<Record<string, string | undefined>>): Promise<PolicyContext> {
    // As runs see it; before the first run there is none.
    const dataDirectory = await realpath(dataFolder).catch(() => dataFolder);
    const [own, { rules }] = [await readUserSettings(dataDirectory, workspace, env), await readWorkspaceSettings(workspace)];
    const decisions = new DecisionBook(new DecisionFile(dataDirectory, workspace), workspace);
    const all = [...parseRules([...own.settings.rules, ...rules, ...ownRules(workspace, dataDirectory)], workspace), ...decisions.rules];
    return new PolicyContext({ workspace, rules: all, chains: new ChainCatalog({ workspace }) }, decisions);
  }

  /** Throws `invalid-input`, `invalid-grant` and what is wrong with the chain. */
  explain(question: PolicyQuestion): Promise<Explanation> {
    return explainAction(question, this.#situation);
  }
}
