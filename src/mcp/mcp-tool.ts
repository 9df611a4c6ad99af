import type { Tool as WireTool } from '@modelcontextprotocol/client';
import type { JsonObject } from '../shared/json.ts';
import { viewOf, type ToolView } from './apps/tool-view.ts';
import { iconAddress, safeIcon } from './safe-icon.ts';

/** A tool as its server describes it. Names and texts are the server's own: untrusted. */
export interface McpTool extends ToolView {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  /** A small picture as a data address, checked: its own, or that of its server. */
  readonly icon?: string;
  /** Where a picture lies, of a tool that brings none along. It is fetched when a person asks for it. */
  readonly iconUrl?: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
  readonly annotations?: { readonly readOnlyHint?: boolean; readonly destructiveHint?: boolean; readonly openWorldHint?: boolean };
  /** Whether it can be called as a task, or only so; absent where it cannot. */
  readonly taskSupport?: 'optional' | 'required';
}

/** `serverIcons` stand for a tool that has none. */
export function toolFromWire(tool: WireTool, serverIcons?: unknown): McpTool {
  const icons = tool.icons === undefined || tool.icons.length === 0 ? serverIcons : tool.icons;
  const icon = safeIcon(icons);
  const iconUrl = icon === undefined ? iconAddress(icons) : undefined;
  return {
    name: tool.name,
    description: tool.description ?? '',
    // Parsed from JSON by the transport; the library's types are merely wider than ours.
    inputSchema: tool.inputSchema as JsonObject,
    ...(tool.title === undefined ? {} : { title: tool.title }),
    ...(tool.outputSchema === undefined ? {} : { outputSchema: tool.outputSchema as JsonObject }),
    ...(tool.annotations === undefined ? {} : { annotations: annotationsOf(tool.annotations) }),
    ...viewOf(tool), ...(icon === undefined ? {} : { icon }), ...(iconUrl === undefined ? {} : { iconUrl }),
    ...(tool.execution?.taskSupport === 'optional' || tool.execution?.taskSupport === 'required' ? { taskSupport: tool.execution.taskSupport } : {}),
  };
}

function annotationsOf({ readOnlyHint, destructiveHint, openWorldHint }: NonNullable<WireTool['annotations']>): NonNullable<McpTool['annotations']> {
  return {
    ...(readOnlyHint === undefined ? {} : { readOnlyHint }),
    ...(destructiveHint === undefined ? {} : { destructiveHint }),
    ...(openWorldHint === undefined ? {} : { openWorldHint }),
  };
}
