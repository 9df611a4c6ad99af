import type { CallToolResult } from '@modelcontextprotocol/client';
import type { JsonObject } from '../shared/json.ts';
import type { CallEnd } from './call-clock.ts';
import { noTimeout, type CallOptions } from './call-options.ts';
import type { DirectCall, DirectCalls } from './direct-calls.ts';
import type { MadeClient } from './make-client.ts';
import type { McpTool } from './mcp-tool.ts';

export interface ToolCall {
  readonly made: MadeClient;
  /** Absent where the way to the server allows only the library. */
  readonly direct: DirectCalls | undefined;
  readonly tool: string;
  /** Absent where the server has told of no such tool. */
  readonly definition: McpTool | undefined;
  readonly args: JsonObject;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly end: CallEnd;
  /** A sign of life. */
  readonly touch: () => void;
  readonly onProgress: CallOptions['onProgress'];
  readonly near: DirectCall['near'];
}

/** One ordinary call of a tool. Rejects with what it is given up with, or with what the library throws. */
export async function callTool({ made: { client, envelope }, direct, tool, definition, args, meta, end, touch, onProgress, near }: ToolCall): Promise<CallToolResult> {
  const onprogress = ({ progress, total, message }: { readonly progress: number; readonly total?: number | undefined; readonly message?: string | undefined }) => {
    touch();
    onProgress?.(message, total === undefined || total <= 0 ? undefined : Math.min(1, progress / total));
  };
  // An object of this call's own: by it an answer that came already is found again.
  const own = { ...args };
  const past = definition !== undefined && isSimple(definition) && direct?.speaks(client.getProtocolEra()) === true ? direct : undefined;
  const plain = await past?.call({ name: tool, arguments: own, meta: { ...envelope(), ...meta }, end, onProgress: onprogress, near });
  return plain ?? await client.callTool({ name: tool, arguments: own, ...(Object.keys(meta).length === 0 ? {} : { _meta: meta }) }, { ...noTimeout, signal: end.signal, onprogress });
}

const simple = new WeakMap<McpTool, boolean>();

/** Whether there is nothing to check in what it gives, and nothing of its call to be said in headers. */
function isSimple(tool: McpTool): boolean {
  let known = simple.get(tool);
  if (known === undefined) simple.set(tool, (known = tool.outputSchema === undefined && /^[\w.-]+$/.test(tool.name) && !JSON.stringify(tool.inputSchema).includes('x-mcp-header')));
  return known;
}
