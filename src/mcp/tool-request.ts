import type { CallToolResult } from '@modelcontextprotocol/client';
import type { JsonObject } from '../shared/json.ts';
import type { CallEnd } from './call-clock.ts';
import type { CallOptions } from './call-options.ts';
import { callTool } from './call-tool.ts';
import type { DirectCalls } from './direct-calls.ts';
import { defaultLogLevel, type MadeClient } from './make-client.ts';
import type { McpServerConfig } from './mcp-config.ts';
import type { McpTool } from './mcp-tool.ts';
import type { Sdk } from './sdk.ts';
import { clip } from './tail.ts';
import { callAsTask, isTaskCall } from './task-calls.ts';
import { givesTasks } from './task-capability.ts';
import { waitForTask } from './task-extension.ts';
import { totalTaskMs, type TaskCall } from './task-watch.ts';
import { toolNamed } from './tool-named.ts';

/** A request while it lasts. */
export interface RequestInHand {
  readonly end: CallEnd;
  /** A sign of life. */
  readonly touch: () => void;
}

export interface ToolRequestOptions {
  readonly sdk: Sdk;
  readonly made: MadeClient;
  readonly direct: DirectCalls | undefined;
  readonly config: McpServerConfig;
  readonly tools: readonly McpTool[];
  readonly tool: string;
  readonly args: JsonObject;
  readonly options: CallOptions;
}

export interface ToolRequest {
  readonly options: CallOptions;
  readonly work: (call: RequestInHand) => Promise<CallToolResult>;
}

/** How a tool is called: as it is, or as a task, of which each revision of the protocol has its own idea. Undefined where a task is asked after that the server would not know as one. */
export function toolRequest({ sdk, made, direct, config, tools, tool, args, options }: ToolRequestOptions): ToolRequest | undefined {
  const { client, answer, notices } = made;
  const { onProgress, caller, task: record } = options;
  const definition = toolNamed(tools, tool);
  const started = (id: string) => caller?.scope.log('info', `${config.name} works on ${tool} as the task ${clip(id, 100)}.`);
  const task = ({ end: { signal }, touch }: RequestInHand): TaskCall => ({ signal, touch, sdk, client, answer, notices, silenceMs: options.timeoutMs ?? config.timeoutMs, server: config.name, tool, definition, args, onProgress, started, record });
  const patient = () => ({ wholeMs: totalTaskMs, ...options });
  if (isTaskCall(client, definition)) return { options: patient(), work: (call) => callAsTask(task(call)) };
  const mayBeTask = givesTasks(client);
  if (record?.known !== undefined) return mayBeTask ? { options: patient(), work: (call) => waitForTask(task(call), undefined) } : undefined;
  const meta = client.getProtocolEra() === 'modern' && client.getServerCapabilities()?.logging !== undefined ? { [sdk.LOG_LEVEL_META_KEY]: config.logLevel ?? defaultLogLevel } : {};
  const plain = ({ end, touch }: RequestInHand) => callTool({ end, touch, made, direct, tool, definition, args, meta, onProgress, near: caller?.scope.nearAnswers });
  if (!mayBeTask) return { options, work: plain };
  return {
    options: patient(),
    work: async (call) => {
      const result = await plain(call);
      const begun = made.taskIn(result);
      return begun === undefined ? result : waitForTask(task(call), begun);
    },
  };
}
