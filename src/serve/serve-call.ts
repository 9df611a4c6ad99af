import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import type { RunHandle } from '../run/run-manager.ts';
import { toErrorInfo } from '../shared/errors.ts';
import type { JournalEvent } from '../shared/events.ts';
import type { JsonObject } from '../shared/json.ts';
import type { ServedTool, StartOptions, UseRuntime } from './served-tool.ts';
import { failedResult, toolResult } from './tool-result.ts';

export interface ServedCall {
  readonly tool: ServedTool;
  readonly input: JsonObject;
  readonly options: StartOptions;
  /** Told how far it is, without secrets. */
  readonly tell: (message: string) => void;
}

/** One call of a client while its run goes on. */
export interface CallUnderWay {
  /** Rejects only where there is no runtime any more. */
  readonly result: Promise<CallToolResult>;
  readonly cancel: (reason: string) => void;
}

export function startCall(use: UseRuntime, { tool, input, options, tell }: ServedCall): CallUnderWay {
  let handle: RunHandle | undefined;
  let cancelled: string | undefined;
  const result = use(async (runtime) => {
    try {
      handle = await tool.start(runtime, input, { ...options, askUngranted: true });
      const { id, outcome } = handle;
      using _events = runtime.store.onAppend((events) => {
        for (const event of events) {
          const message = event.run === id ? messageOf(event) : undefined;
          if (message !== undefined) tell(runtime.redactor.redact(message));
        }
      });
      if (cancelled !== undefined) handle.cancel(cancelled);
      return await toolResult(runtime, await outcome);
    } catch (error) {
      return failedResult(runtime.redactor.redactJson(toErrorInfo(error)));
    }
  });
  return { result, cancel: (reason) => {
    cancelled ??= reason;
    handle?.cancel(reason);
  } };
}

/** How progress is told to whoever has sent a request and waits for its answer. */
export function progressTo({ mcpReq }: ServerContext): (message: string) => void {
  const token = mcpReq._meta?.progressToken;
  let progress = 0;
  // Whoever no longer listens has taken the call back, or is gone: the signal says so.
  return (message) => void (token === undefined || mcpReq.notify({ method: 'notifications/progress', params: { progressToken: token, progress: ++progress, message } }).catch(() => undefined));
}

/** Cancels the run when the client takes the request back, until it is disposed of. */
export function cancelledWith({ cancel }: CallUnderWay, { mcpReq: { signal } }: ServerContext): Disposable {
  const takenBack = () => cancel('The client has taken the call back.');
  signal.addEventListener('abort', takenBack, { once: true });
  if (signal.aborted) takenBack();
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', takenBack) };
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
