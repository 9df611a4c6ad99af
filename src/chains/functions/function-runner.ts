import type { Program } from 'acorn';
import { randomUUID } from 'node:crypto';
import type { Approver } from '../../policy/approver.ts';
import type { Rule } from '../../policy/authorize.ts';
import { parseGrants } from '../../policy/grant.ts';
import type { RunHandle, RunManager } from '../../run/run-manager.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { SandboxFactory } from '../../sandbox/sandbox-factory.ts';
import { defaultSandboxLimits } from '../../sandbox/sandbox.ts';
import { AssassinError } from '../../shared/errors.ts';
import type { BudgetLimits } from '../../shared/events.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import { guestEntryName, guestEntrySource } from '../../tools/guest-module.ts';
import type { ToolRegistry } from '../../tools/registry.ts';
import { resolvePath } from '../../workspace/paths.ts';
import type { StartChainOptions } from '../chain-runner.ts';
import { compile, type Compilation } from '../compile.ts';
import { missingExport } from '../missing-export.ts';
import { refuseOtherKinds } from '../module-kind.ts';
import { admitPackages } from '../packages/admit-packages.ts';
import { fixedSurroundings } from '../fixed-surroundings.ts';
import { runProgram } from '../run-program.ts';
import { functionEntry, type FunctionShape } from './guest/adapters.ts';
import { mainExport, shapeOf } from './function-shape.ts';
import { runInNode } from './node-function.ts';
import { serveFunction, type ServingHandle } from './serve-function.ts';
import { serveOptions, type ServeInput, type ServeOptions } from './serve-options.ts';
import { weakerIsolation } from './weaker-isolation.ts';

export interface FunctionRunnerOptions {
  /** Absolute, symbolic links resolved. */
  readonly workspace: string;
  readonly runs: RunManager;
  readonly sandboxes: SandboxFactory;
  readonly tools: ToolRegistry;
  readonly approver: Approver;
  readonly rules: readonly Rule[];
  readonly budget?: BudgetLimits;
  /** The folder of the built files, where the program for Node processes lies. */
  readonly distDirectory: URL;
}

/** What a function is given: its argument list, or the one event that its shape takes. */
export type FunctionInput = readonly Json[] | { readonly event: Json };

export interface StartFunctionOptions extends StartChainOptions {
  /** By the conventions of the platforms where absent. */
  readonly shape?: FunctionShape;
  /** In a Node process of its own instead of a sandbox: weaker isolation, and the grant `node FILE` is needed. */
  readonly node?: boolean;
  /** For this long, in Node. */
  readonly timeoutMs?: number;
}

export interface StartServingOptions extends StartChainOptions, ServeInput {}

interface FunctionStart {
  readonly title: string;
  readonly compilation: Compilation;
  readonly name: string;
  readonly input: Json;
  readonly options: StartChainOptions;
  readonly budget: BudgetLimits | undefined;
}

/** A day: nobody serves a function from an editor for longer without looking. */
const servingBudget: BudgetLimits = { wallMs: 24 * 3_600_000, steps: 10_000_000 };

/** Starts single functions of files of the workspace: once, or as a server that calls one for each request. */
export class FunctionRunner {
  readonly #options: FunctionRunnerOptions;

  constructor(options: FunctionRunnerOptions) {
    this.#options = options;
  }

  /**
   * Starts one exported function without any grant but those in `options`; what it wants beyond them is asked where somebody can be. Without `exportName`, the export that platforms of functions look for.
   * Throws `file-not-found`, and `invalid-input` for a file of another language; code that cannot run here is the outcome of a recorded run.
   */
  async start(file: string, exportName: string | undefined, input: FunctionInput, options: StartFunctionOptions = {}): Promise<RunHandle> {
    const { workspace } = this.#options;
    const path = await resolvePath(workspace, file);
    await refuseOtherKinds(path, options.node);
    const compilation = await compile(path, workspace, only(exportName));
    const name = exportName ?? mainExport(compilation.tree);
    const args: Json = 'event' in input ? input.event : input;
    const title = options.node === true ? `${name}() ${weakerIsolation}` : `${name}()`;
    return this.#start({ title, compilation, name, input: args, options, budget: options.budget }, async (scope) => {
      const shape = options.shape ?? shapeOf(compilation.tree, name);
      const call = adapterCall(shape, input, options.timeoutMs ?? 30_000);
      if (options.node === true) {
        const answer = await runInNode(scope, { file: path, exportName: name, args: 'event' in input ? [input.event] : input, call, dist: this.#options.distDirectory, timeoutMs: options.timeoutMs });
        return call === undefined ? answer : valueOf(answer);
      }
      await this.#admit(scope, compilation, name);
      const shared = { title: `${name}()`, kind: 'chain', compilation, fixed: fixedSurroundings(options.deterministic) } as const;
      if (call === undefined) {
        return runProgram(scope, this.#options, { ...shared, args: input as readonly Json[], entry: { name: guestEntryName, modules: [[guestEntryName, guestEntrySource(compilation.entry, name)]] } });
      }
      const answer = (await runProgram(scope, this.#options, { ...shared, args: [call], input: args, output: (value) => valueOf(value), entry: functionEntry(compilation.entry, name, shape) }));
      return valueOf(answer);
    });
  }

  /** Starts a server for one function. Throws `file-not-found` and `invalid-input`; what else is wrong is the outcome of the run, and `ready` rejects with it. */
  async serve(file: string, exportName: string | undefined, { shape, port, concurrency, queue, timeoutMs, maxBodyBytes, origins, token, ...options }: StartServingOptions = {}): Promise<ServingHandle> {
    const settings = serveOptions(withoutUndefined({ shape, port, concurrency, queue, timeoutMs, maxBodyBytes, origins, token }));
    const { workspace } = this.#options;
    const path = await resolvePath(workspace, file);
    await refuseOtherKinds(path);
    const compilation = await compile(path, workspace, only(exportName));
    const name = exportName ?? mainExport(compilation.tree);
    const called = settings.shape ?? shapeOf(compilation.tree, name);
    const entry = functionEntry(compilation.entry, name, called);
    return serveFunction({
      title: `${name}()`,
      settings,
      start: (body) => this.#start({ title: `${name}()`, compilation, name, input: recorded(settings), options, budget: { ...servingBudget, ...options.budget } }, body),
      prepare: async (scope) => {
        await this.#admit(scope, compilation, name);
        this.#options.sandboxes.warm();
      },
      answer: (scope, { name: title, request, remainingMs, signal }) => runProgram(scope, this.#options, {
        title, kind: 'http', compilation, entry, signal, fixed: fixedSurroundings(options.deterministic),
        args: [{ shape: called, request, ...callOf(remainingMs) }],
        limits: { wallMs: Math.ceil(remainingMs) },
        // Headers may hold secrets of callers, and bodies are theirs: the record says that there was a call, and how it ended.
        input: { call: title }, output: (answer) => ({ status: (answer as JsonObject)['status'] ?? null }),
      }),
    });
  }

  async #admit(scope: RunScope, compilation: Compilation, name: string): Promise<void> {
    const problem = missingExport(compilation, name) ?? compilation.problems[0];
    if (problem) throw problem;
    await admitPackages(scope, compilation);
  }

  #start({ title, compilation, name, input, options, budget }: FunctionStart, body: (scope: RunScope) => Promise<Json>): RunHandle {
    const { runs, workspace, rules } = this.#options;
    const approver = options.approver ?? this.#options.approver;
    const fixed = fixedSurroundings(options.deterministic);
    return runs.start({
      ...(fixed === undefined ? {} : { fixed }),
      kind: 'function', title, source: `${compilation.entry}#${name}`, input, workspace, rules, approver,
      // A function has no list of grants of its own, as a chain has: what it wants is asked where somebody can be.
      grants: parseGrants(options.grants ?? [], workspace), askUngranted: approver.canAsk !== false,
      budget: { ...this.#options.budget, ...budget },
      ...(options.signal ? { signal: options.signal } : {}),
    }, body);
  }
}

const only = (exportName: string | undefined) => (tree: Program): ReadonlySet<string> => new Set([exportName ?? mainExport(tree)]);

/** What the adapter of a shape is called with; `undefined` for a list of arguments, which needs none. What takes a request or an event is given an empty one where nothing was said; what may be either is looked at first. */
function adapterCall(shape: FunctionShape, input: FunctionInput, remainingMs: number): Json | undefined {
  if ('event' in input) return { shape, event: input.event, ...callOf(remainingMs) };
  if (input.length > 0 || shape === 'plain') return undefined;
  return { shape, ...(shape === 'auto' ? {} : { event: {} }), ...callOf(remainingMs) };
}

function callOf(remainingMs: number): { readonly id: string; readonly remainingMs: number; readonly memoryMb: number } {
  return { id: randomUUID(), remainingMs: Math.floor(remainingMs), memoryMb: defaultSandboxLimits.memoryBytes / 1_048_576 };
}

function valueOf(answer: Json): Json {
  if (typeof answer === 'object' && answer !== null && 'value' in answer) return answer.value ?? null;
  throw new AssassinError('internal', 'The adapter of the function gave no value.');
}

/** Without the token: what is recorded is read by others. */
function recorded({ token: _token, shape, ...settings }: ServeOptions): Json {
  return shape === undefined ? settings : { ...settings, shape };
}

function withoutUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
