import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import { toErrorInfo } from '../shared/errors.ts';
import type { JournalEvent } from '../shared/events.ts';
import type { JsonObject } from '../shared/json.ts';
import type { ServedTool, StartOptions, UseRuntime } from './served-tool.ts';
import { failedResult, toolResult } from './tool-result.ts';

export interface ServedCall {
  readonly tool: ServedTool;
  readonly input: JsonObject;
  readonly options: StartOptions;
  readonly context: ServerContext;
}

/** Runs one call of a client to its end: its progress goes to the client, and when the client takes the call back the run is cancelled. */
export function serveCall(use: UseRuntime, { tool, input, options, context: { mcpReq } }: ServedCall): Promise<CallToolResult> {
  return use(async (runtime) => {
    try {
      const token = mcpReq._meta?.progressToken;
      let progress = 0;
      const tell = (event: JournalEvent) => {
        const message = event.run === handle.id ? messageOf(event) : undefined;
        if (token === undefined || message === undefined) return;
        // Whoever no longer listens has taken the call back, or is gone: the signal says so.
        mcpReq.notify({ method: 'notifications/progress', params: { progressToken: token, progress: ++progress, message: runtime.redactor.redact(message) } }).catch(() => undefined);
      };
      const handle = await tool.start(runtime, input, { ...options, askUngranted: true });
      using _events = runtime.store.onAppend((events) => events.forEach(tell));
      const cancel = () => handle.cancel('The client has taken the call back.');
      mcpReq.signal.addEventListener('abort', cancel, { once: true });
      if (mcpReq.signal.aborted) cancel();
      try {
        return await toolResult(runtime, await handle.outcome);
      } finally {
        mcpReq.signal.removeEventListener('abort', cancel);
      }
    } catch (error) {
      return failedResult(runtime.redactor.redactJson(toErrorInfo(error)));
    }
  });
}

function messageOf(event: JournalEvent): string | undefined {
  switch (event.type) {
    case 'run.progress':
      return event.message;
    case 'step.started':
      return event.name;
    case 'approval.asked':
      return `Waiting for a person to allow: ${event.action}`;
    default:
      return undefined;
  }
}
