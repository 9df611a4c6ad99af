import { resultForView } from '../mcp/apps/view-calls.ts';
import type { AppHostOptions } from '../mcp/apps/app-host.ts';
import type { McpTool } from '../mcp/mcp-tool.ts';
import { toolNamed } from '../mcp/tool-named.ts';
import { AssassinError } from '../shared/errors.ts';
import { isObject, type Json, type StoredValue } from '../shared/json.ts';
import type { DeclaredLooks, OfStep } from '../shared/protocol-views.ts';
import { wholeValue } from '../store/whole-value.ts';
import type { PanelHistory } from './panel-ports.ts';

/** What is known of a server's tools without starting it. */
type KnownTools = (server: string) => readonly McpTool[] | undefined;

/** A call of a tool with a view, as its record has it. */
export interface RecordedCall extends Pick<AppHostOptions, 'input' | 'result'> {
  readonly server: string;
  readonly tool: McpTool;
  /** The `ui://` resource that shows it. */
  readonly view: string;
}

/** A recorded result is handed to a view whole, or not at all: half of it would be another result. */
const resultLimit = 4 * 1024 * 1024;

/** Those of the tools that have a view, and the pictures that are here: those that came with them, and those that were fetched before. */
export function looksOf(names: readonly string[], known: KnownTools, fetched: (url: string) => string | undefined): DeclaredLooks {
  const tools = names.flatMap((name) => {
    const tool = toolOf(name, known)?.tool;
    return tool === undefined ? [] : [{ name, view: tool.view, icon: tool.icon ?? (tool.iconUrl === undefined ? undefined : fetched(tool.iconUrl)) }];
  });
  return { tools: tools.filter(({ view }) => view !== undefined).map(({ name }) => name), icons: Object.fromEntries(tools.flatMap(({ name, icon }) => (icon === undefined ? [] : [[name, icon]]))) };
}

/** Throws where the step is no call that ended well, or its tool has no view. */
export async function recordedCall(history: Pick<PanelHistory, 'read' | 'spans'>, { run, step }: OfStep, known: KnownTools): Promise<RecordedCall> {
  const span = (await history.spans(run)).find(({ id }) => id === step);
  const called = span === undefined ? undefined : toolOf(span.name, known);
  if (span?.output === undefined || span.status !== 'ok' || called === undefined) throw new AssassinError('invalid-input', `The step ${step} is no call of an MCP tool that has ended well.`);
  const { server, name, tool } = called;
  if (tool?.view === undefined) throw new AssassinError('not-supported', `The tool ${name} of the MCP server ${server} has no view, as far as is known.`, { hint: 'Start the server and try again.' });
  const input = span.input === undefined ? {} : await valueOf(history, span.input);
  return { server, tool, view: tool.view, input: isObject(input) ? input : {}, result: resultForView(await valueOf(history, span.output)) };
}

/** Server names hold no dot, tool names may. */
function toolOf(step: string, known: KnownTools): { readonly server: string; readonly name: string; readonly tool: McpTool | undefined } | undefined {
  const [, server, name] = /^mcp\.([^.]+)\.(.+)$/s.exec(step) ?? [];
  return server === undefined || name === undefined ? undefined : { server, name, tool: toolNamed(known(server), name) };
}

async function valueOf(history: Pick<PanelHistory, 'read'>, value: StoredValue): Promise<Json> {
  if ('blob' in value && value.bytes > resultLimit) throw new AssassinError('not-supported', `The result has ${value.bytes} bytes; a view is told of ${resultLimit} at most.`, { hint: 'Look at it in the trace.' });
  return wholeValue(value, (hash) => history.read((store) => store.blobs.read(hash)));
}
