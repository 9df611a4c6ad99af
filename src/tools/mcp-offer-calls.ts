import * as z from 'zod';
import type { McpHub } from '../mcp/mcp-hub.ts';
import type { RunServer } from '../mcp/run-server.ts';
import { clip } from '../mcp/tail.ts';
import type { Action } from '../policy/action.ts';
import type { Json } from '../shared/json.ts';
import type { ToolContext } from './tool.ts';

export const serverName = z.string().min(1).max(200).describe('Name of the MCP server.');
export const offerEffects = { readOnly: true, openWorld: true, untrustedOutput: true } as const;

type Method = 'resources/list' | 'resources/read' | 'resources/subscribe' | 'prompts/list' | 'prompts/get' | 'completion/complete' | 'skills/list' | 'skills/read';

interface OfferOptions {
  readonly signal: AbortSignal;
  readonly caller: { readonly scope: ToolContext['scope']; readonly step: string };
}

export interface OfferCalls {
  /** What the gate decides on: each method is granted like a tool of that name. */
  readonly actions: (server: string, method: Method, context: ToolContext) => readonly Action[];
  /** Asks the instance of the run, which is started for it where it has none. */
  readonly asked: <T>(server: string, context: ToolContext, work: (offers: RunServer['offers'], options: OfferOptions) => Promise<T>) => Promise<T>;
}

export function offerCalls(hub: McpHub): OfferCalls {
  return {
    actions: (name, method, { scope }) => {
      const identity = hub.identity(name, scope);
      return [{ kind: 'mcp', server: name, tool: method, pins: identity === undefined ? {} : { server: identity } }];
    },
    asked: async (name, { scope, step, signal }, work) => work((await hub.acquire(name, scope, step)).offers, { signal, caller: { scope, step } }),
  };
}

interface Named {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
}

/** What is told of an offer, at a length that can be read. */
export function described({ name, title, description }: Named, more: { readonly [key: string]: Json }): { readonly [key: string]: Json } {
  return { name: clip(name, 500), ...optional({ title, description: description === undefined ? undefined : clip(description, 2000) }), ...more };
}

export function optional(values: Readonly<Record<string, string | number | undefined>>): Readonly<Record<string, string | number>> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string | number] => entry[1] !== undefined));
}
