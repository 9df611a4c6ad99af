import { attenuate } from '../../policy/attenuate.ts';
import { parseGrant, parseGrants, permits, type Grant } from '../../policy/grant.ts';
import { taskGrants } from '../../policy/task-grants.ts';
import { helper, type AgentDefinition } from './agent-definition.ts';

export interface NarrowOptions {
  /** Those of the run that asks. */
  readonly parents: readonly Grant[];
  readonly agent: AgentDefinition;
  /** What the one who asks wants to hand on, as texts; what the agent's file names where it is absent. */
  readonly wanted?: readonly string[] | undefined;
  readonly model: string;
  readonly workspace: string;
}

/**
 * The grants of an agent's run: reading the workspace, its model, and of what its file names (and the one who asks wants) that which the run that asks has
 * itself. The helper has no file: it may be handed anything that the run has.
 */
export function narrowGrants({ parents, agent, wanted, model, workspace }: NarrowOptions): readonly Grant[] {
  const base = [...taskGrants(workspace), parseGrant(`model ${model}`, workspace)];
  const named = parseGrants(agent.grants, workspace, agent.path === undefined ? {} : { origin: agent.path });
  const asked = wanted === undefined ? undefined : parseGrants(wanted, workspace);
  if (asked === undefined) return within(parents, [...base, ...named]);
  return agent === helper ? within(parents, [...base, ...asked]) : within(within(parents, [...base, ...named]), [...base, ...asked]);
}

/** What "fs.read ** (but no secrets)" leaves out its text does not say; only its `matches` does, and it is kept. */
function within(parents: readonly Grant[], wanted: readonly Grant[]): readonly Grant[] {
  return attenuate(parents, wanted).granted.map((grant) => ({ ...grant, matches: (action) => grant.matches(action) && parents.some((parent) => permits(parent, action)) }));
}
