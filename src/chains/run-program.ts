import type { RunScope } from '../run/run-scope.ts';
import type { SandboxFactory } from '../sandbox/sandbox-factory.ts';
import type { SandboxLimits, SandboxProgram, SandboxUsage } from '../sandbox/sandbox.ts';
import type { EventBody, FixedSurroundings, StepKind } from '../shared/events.ts';
import type { Json } from '../shared/json.ts';
import type { CallOptions, ToolRegistry } from '../tools/registry.ts';
import type { Compilation } from './compile.ts';
import { programFailure } from './program-failure.ts';
import { programHost } from './program-host.ts';

export interface ProgramRun {
  readonly title: string;
  readonly kind: StepKind;
  readonly compilation: Compilation;
  /** The module that is called, with those that it needs beside the program's own. */
  readonly entry: { readonly name: string; readonly modules: readonly (readonly [name: string, source: string])[] };
  readonly args: readonly Json[];
  /** What the trace shows as its input, in place of `args`. */
  readonly input?: Json;
  /** What the trace shows as its result, in place of the value. */
  readonly output?: (value: Json) => Json;
  readonly limits?: Partial<SandboxLimits>;
  readonly parent?: string | undefined;
  /** Of a deterministic run: the clock and the random numbers that it has, whatever is granted. */
  readonly fixed?: FixedSurroundings | undefined;
  readonly call?: ((name: string, input: Json, parent: string, signal?: AbortSignal) => Promise<Json>) | undefined;
  readonly console?: ((level: string, text: string) => void) | undefined;
  /** Ends this program; the run goes on. */
  readonly signal?: AbortSignal;
}

export interface ProgramRooms {
  readonly sandboxes: SandboxFactory;
  readonly tools: ToolRegistry;
}

/** Runs a program in a sandbox of its own as one step of a run, and measures it. Throws the program's failure in terms of its source. */
export async function runProgram(scope: RunScope, { sandboxes, tools }: ProgramRooms, program: ProgramRun): Promise<Json> {
  const { title, kind, compilation, entry, args, input, output, limits, parent, fixed, call, console, signal } = program;
  let value: Json = null;
  const spec = { kind, name: title, input: input ?? (args.length === 1 ? args[0]! : args), ...(parent === undefined ? {} : { parent }) } as const;
  await scope.step(spec, async (step) => {
    await using lease = await sandboxes.lease(scope, title, limits);
    const sandbox = lease.resource;
    const callTools = { call: (name: string, json: Json, _scope: RunScope, of?: string, options?: CallOptions) => (call === undefined ? tools.call(name, json, scope, of, options) : call(name, json, step, options?.signal)) };
    const sandboxProgram: SandboxProgram = {
      modules: new Map([...compilation.modules, ...entry.modules]), entry: entry.name, call: 'default', args,
      clock: fixed === undefined && scope.gate.allows({ kind: 'clock' }) ? 'real' : 'frozen',
      random: fixed === undefined && scope.gate.allows({ kind: 'random' }) ? 'real' : 'seeded',
      ...(fixed === undefined ? {} : { frozenAt: fixed.clock, seed: fixed.seed }),
    };
    using _whileAsked = scope.waits.pausing(() => sandbox.pauseWallTime());
    using _whileAnswered = scope.nearAnswers.onNear(() => sandbox.answerIsNear());
    const host = programHost(scope, callTools, step, console);
    try {
      const result = await sandbox.run(sandboxProgram, host, signal === undefined ? scope.signal : AbortSignal.any([scope.signal, signal]));
      value = host.whole(result.value);
      return output === undefined ? value : output(value);
    } catch (error) {
      throw await programFailure(error, compilation);
    } finally {
      scope.journal.append(...metersOf(sandbox.usage, { step, lease: lease.id }));
    }
  });
  return value;
}

/** Together, because each append waits for the disk. */
function metersOf(usage: SandboxUsage, of: { readonly step: string; readonly lease: string }): readonly EventBody[] {
  const measured = { type: 'meter', mark: 'measured', ...of } as const;
  return [
    { ...measured, meter: 'sandbox.wall_ms', value: usage.wallMs, source: 'monotonic clock of the host, from the start of the program to its end' },
    ...(usage.cpuMs === undefined ? [] : [{ ...measured, meter: 'sandbox.cpu_ms', value: usage.cpuMs, source: 'CPU time of the worker thread while the program ran' } as const]),
    { ...measured, meter: 'sandbox.memory_bytes', value: usage.memoryBytes, source: 'largest size of the WebAssembly memory' },
    { ...measured, meter: 'sandbox.host_calls', value: usage.hostCalls, source: 'calls counted by the host' },
  ];
}
