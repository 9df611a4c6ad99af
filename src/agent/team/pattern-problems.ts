import { didYouMean, nearNames } from '../../shared/near-names.ts';
import { AssassinError, toErrorInfo, type ErrorInfo, type SourceLocation } from '../../shared/errors.ts';
import { helper, isBrokenAgent, type AgentDefinition, type AgentPattern, type BrokenAgent } from './agent-definition.ts';

/** Agents that a pattern names and nobody wrote. One file alone cannot tell, and a task given to the pattern would be the first to fail. */
export function patternProblems(agents: readonly (AgentDefinition | BrokenAgent)[]): readonly ErrorInfo[] {
  const names = agents.map(({ name }) => name);
  const known = new Set([...names, helper.name]);
  return agents.flatMap((agent) => (isBrokenAgent(agent) || agent.pattern === undefined ? [] : strangersOf(agent.pattern, known).map(({ name, location }) => {
    const near = nearNames(name, names.filter((each) => each !== agent.name));
    return toErrorInfo(new AssassinError('invalid-config', `The pattern of "${agent.name}" names the agent "${name}", and there is none.`, {
      hint: didYouMean(near) ?? `Write it with "agents new ${name}", or take it out of "agents".`, location, data: { agent: agent.name, field: 'agents' },
    }));
  })));
}

/** Each name once, where it stands first. */
function strangersOf({ agents, places }: AgentPattern, known: ReadonlySet<string>): readonly { readonly name: string; readonly location: SourceLocation }[] {
  return agents.flatMap((name, i) => (known.has(name) || agents.indexOf(name) < i ? [] : [{ name, location: places[i]! }]));
}
