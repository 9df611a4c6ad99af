import type { Rule } from '../policy/authorize.ts';
import { explain, type Explanation } from '../policy/explain.ts';
import { parseGrants, type Grant } from '../policy/grant.ts';
import { netAction } from '../policy/action.ts';
import { parseAction } from '../policy/parse-action.ts';
import { placeOf, type Untrusted } from '../policy/untrusted.ts';
import { resolvePath } from '../workspace/paths.ts';
import { firstProblem, type ChainCatalog } from './chain-catalog.ts';
import { grantsOf, isBroken } from './chain-file.ts';

/** Which run a decision is asked about. */
export interface PolicyQuestion {
  readonly action: string;
  /** By name or file; absent, only `allow` and the rules count. */
  readonly chain?: string;
  readonly allow?: readonly string[];
  /** As in a run that has read text of strangers from these: addresses, or whatever else one calls them. */
  readonly afterReading?: readonly string[];
}

export interface PolicySituation {
  /** A real path. */
  readonly workspace: string;
  readonly rules: readonly Rule[];
  readonly chains: ChainCatalog;
}

/** What the gate would decide, without a run. Throws `invalid-input`, `invalid-grant` and what is wrong with the chain. */
export async function explainAction({ action, chain, allow = [], afterReading = [] }: PolicyQuestion, { workspace, rules, chains }: PolicySituation): Promise<Explanation> {
  const grants = [...(chain === undefined ? [] : await chainGrants(chain, chains, workspace)), ...parseGrants(allow, workspace, { origin: '--allow' })];
  const resolved = await parseAction(action, { workspace, resolvePath: async (path) => (await resolvePath(workspace, path)).path });
  return explain(resolved, grants, rules, workspace, untrustedBy(afterReading, workspace));
}

async function chainGrants(nameOrPath: string, chains: ChainCatalog, workspace: string): Promise<readonly Grant[]> {
  const { chain } = await chains.read(await chains.resolve(nameOrPath));
  if (isBroken(chain)) throw firstProblem(chain);
  return grantsOf(chain, workspace);
}

function untrustedBy(sources: readonly string[], workspace: string): Untrusted | undefined {
  if (sources.length === 0) return undefined;
  // `mail:read` would be a URL too, of the scheme `mail`.
  const isAddress = (source: string) => /^(https?|wss?):\/\//i.test(source) && URL.canParse(source);
  const places = new Set(sources.map((source) => (isAddress(source) ? placeOf(netAction(new URL(source))) : `mcp ${source.replace(/:.*$/s, '')}`)));
  return { sources: sources.map((source) => ({ kind: isAddress(source) ? 'web' : 'mcp', source })), knows: (action) => places.has(placeOf(action)), workspace };
}
