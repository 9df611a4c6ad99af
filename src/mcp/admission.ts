import { describeError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';
import type { McpServerConfig } from './mcp-config.ts';
import type { McpTool } from './mcp-tool.ts';

/** Something that a server says of itself, and that a model or a person may come to read. */
export type Definition =
  | { readonly kind: 'instructions'; readonly text: string }
  | { readonly kind: 'tool'; readonly name: string; readonly tool: McpTool; /** The whole of it, as it came. */ readonly raw: JsonObject }
  | { readonly kind: 'prompt' | 'resource-template'; readonly name: string; readonly raw: JsonObject };

export interface Verdict {
  readonly admitted: boolean;
  /** A sentence for the person: why not. */
  readonly reason?: string;
}

/** Decides on a whole list, before anything of it is offered to anybody. The verdicts are in the order of the definitions. */
export type Admit = (server: McpServerConfig, definitions: readonly Definition[]) => readonly Verdict[] | Promise<readonly Verdict[]>;

/** What a server has defined and nobody is offered. */
export interface Quarantined {
  readonly definition: Definition;
  readonly reason: string;
}

export interface Admitted<T extends Definition> {
  readonly admitted: readonly T[];
  readonly quarantined: readonly Quarantined[];
}

/** Where the decision itself fails, nothing is admitted. */
export async function admitted<T extends Definition>(admit: Admit | undefined, server: McpServerConfig, definitions: readonly T[]): Promise<Admitted<T>> {
  if (admit === undefined || definitions.length === 0) return { admitted: definitions, quarantined: [] };
  let verdicts: readonly Verdict[];
  try {
    verdicts = await admit(server, definitions);
  } catch (error) {
    const reason = `It could not be decided whether this may be used: ${describeError(error)}`;
    verdicts = definitions.map(() => ({ admitted: false, reason }));
  }
  const quarantined = definitions.flatMap((definition, i) => (verdicts[i]?.admitted === true ? [] : [{ definition, reason: verdicts[i]?.reason ?? 'It has not been approved.' }]));
  return { admitted: definitions.filter((_definition, i) => verdicts[i]?.admitted === true), quarantined };
}
