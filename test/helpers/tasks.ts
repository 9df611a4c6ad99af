import type { StartTaskOptions } from '../../src/agent/task-options.ts';
import type { RuntimeOptions, RuntimeSettings } from '../../src/runtime-options.ts';
import type { Answer, ScriptedCall, StreamAnswer } from '../fixtures/models/answer.ts';
import { scriptedServer, type RecordedRequest, type Script, type ScriptedServer } from '../fixtures/models/scripted-server.ts';
import { chainTest, type ChainRun, type ChainTest } from './chains.ts';
import type { SandboxFiles } from './sandbox.ts';

export interface TaskTest extends ChainTest {
  readonly server: ScriptedServer;
  /** Runs a task to its end. The model has as many tokens as it wants unless `options` say otherwise. */
  task(text: string, options?: StartTaskOptions): Promise<ChainRun>;
}

/** The whole runtime on a workspace, with a model that says what the script says. Everything that it causes is real. */
export async function taskTest(
  sandbox: SandboxFiles, files: Readonly<Record<string, string>>, script: Script, options: { readonly settings?: Partial<RuntimeSettings> } & Partial<Pick<RuntimeOptions, 'approver' | 'editor' | 'trusted' | 'secret' | 'mcpInput' | 'log' | 'dataDirectory'>> = {},
): Promise<TaskTest> {
  const server = await scriptedServer(script);
  const provider = { kind: 'openai-compatible', name: 'test', baseUrl: server.baseUrl } as const;
  const base = await chainTest(sandbox, files, { ...options, settings: { discoverModels: false, modelProviders: [provider], ...options.settings } });
  return {
    ...base,
    server,
    task: async (text, start = {}) => {
      const handle = await base.runtime.startTask(text, { model: 'test/scripted', layers: { retry: { attempts: 2, baseMs: 10 } }, ...start, budget: { tokens: 1_000_000, ...start.budget } });
      return base.finish(handle.id, handle.outcome);
    },
    [Symbol.asyncDispose]: async () => {
      await base[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** A turn of these calls. */
export function calls(...list: readonly (readonly [name: string, input: ScriptedCall['arguments'], id?: string])[]): StreamAnswer {
  return { calls: list.map(([name, input, id]) => ({ name, arguments: input, ...(id === undefined ? {} : { id }) })) };
}

export const code = (source: string): StreamAnswer => calls(['run_code', { code: source }]);
export const finish = (result: unknown, evidence: readonly string[] = []): StreamAnswer => calls(['finish', { result, evidence }]);
export const says = (text: string): StreamAnswer => ({ text: [text] });

/** Finishes with the last code that was run as evidence. */
export function finishChecked(result: unknown): (request: RecordedRequest) => Answer {
  return (request) => finish(result, [lastStep(request)]);
}

export type Line = Answer | ((request: RecordedRequest) => Answer | Promise<Answer>);

/** Answers in order, of which some look at what they were sent. */
export function recorded(...lines: readonly Line[]): Script {
  return (request, index) => {
    const line = lines[index];
    if (line === undefined) throw new Error(`The model was asked ${index + 1} times, but only ${lines.length} answers are recorded.`);
    return typeof line === 'function' ? line(request) : line;
  };
}

/** The results that a request carries, as `[id, text]`. */
export function resultsIn({ body }: RecordedRequest): readonly (readonly [string, string])[] {
  return body.messages.flatMap((message) => (message.role === 'tool' ? [[message.tool_call_id ?? '', String(message.content)] as const] : []));
}

export function lastResult(request: RecordedRequest): string {
  return resultsIn(request).at(-1)?.[1] ?? '';
}

export function lastStep(request: RecordedRequest): string {
  const steps = resultsIn(request).flatMap(([, text]) => [...text.matchAll(/step (s_\w+):/g)].map((match) => match[1]!));
  return steps.at(-1) ?? 'none';
}
