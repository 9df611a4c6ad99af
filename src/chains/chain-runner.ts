import { join } from 'node:path';
import type { Rule } from '../policy/authorize.ts';
import type { Approver } from '../policy/approver.ts';
import { parseGrants, type Grant } from '../policy/grant.ts';
import type { RunHandle, RunManager } from '../run/run-manager.ts';
import type { RunScope } from '../run/run-scope.ts';
import type { SandboxFactory } from '../sandbox/sandbox-factory.ts';
import type { BudgetLimits } from '../shared/events.ts';
import type { Json } from '../shared/json.ts';
import { cleanTags } from '../shared/tags.ts';
import { guestEntryName, guestEntrySource } from '../tools/guest-module.ts';
import type { ToolRegistry } from '../tools/registry.ts';
import { firstProblem, type ChainCatalog } from './chain-catalog.ts';
import { grantsOf, isBroken } from './chain-file.ts';
import type { ChainMeta } from './chain-meta.ts';
import { compileSource } from './compile.ts';
import { checkResult, inputCheck } from './input-schema.ts';
import { missingExport } from './missing-export.ts';
import { admitPackages } from './packages/admit-packages.ts';
import { fixedSurroundings, type Deterministic } from './fixed-surroundings.ts';
import { runProgram, type ProgramRun } from './run-program.ts';

export interface StartChainOptions {
  /** Grants on top of the chain's own, as texts. */
  readonly grants?: readonly string[];
  readonly signal?: AbortSignal;
  /** Wins over the chain's own and over that of the settings, field by field. */
  readonly budget?: BudgetLimits;
  readonly approver?: Approver;
  /** What nothing grants is asked where somebody can be; it is denied where this is absent. */
  readonly askUngranted?: boolean;
  /** A clock that stands still at a fixed moment and the same random numbers in every run, whatever is granted. */
  readonly deterministic?: Deterministic;
}

export interface ChainRunnerOptions {
  /** Absolute, symbolic links resolved. */
  readonly workspace: string;
  readonly chains: ChainCatalog;
  readonly runs: RunManager;
  readonly sandboxes: SandboxFactory;
  readonly tools: ToolRegistry;
  readonly approver: Approver;
  readonly rules: readonly Rule[];
  readonly budget?: BudgetLimits;
  /** Hears what the run of a chain wants to share with others while it has a browser. */
  readonly isolate: (scope: RunScope, isolation: NonNullable<ChainMeta['isolation']>) => void;
}

interface Program extends Pick<ProgramRun, 'title' | 'compilation' | 'args' | 'limits' | 'parent' | 'call' | 'console' | 'fixed'> {
  readonly exportName: string;
}

export interface SourceProgram {
  readonly source: string;
  readonly title: string;
  readonly parent: string;
  readonly call: (name: string, input: Json, parent: string) => Promise<Json>;
  /** Hears of what the program prints, beside the log of the run. */
  readonly console: (level: string, text: string) => void;
}

/** What the places of errors in it are called. */
const sourceName = 'agent-code.ts';

interface Start {
  readonly kind: 'chain';
  readonly title: string;
  readonly source: string;
  readonly input: Json;
  readonly grants: readonly Grant[];
  readonly budget?: BudgetLimits;
}

/** Starts programs in sandboxes, each as a run of its own. */
export class ChainRunner {
  readonly #options: ChainRunnerOptions;

  constructor(options: ChainRunnerOptions) {
    this.#options = options;
  }

  /**
   * Starts a chain by name or path. Throws `chain-not-found` and, for `options.grants`, `invalid-grant`; a chain that is broken or an input
   * that does not fit is the outcome of a recorded run.
   */
  async startChain(nameOrPath: string, input: Json, options: StartChainOptions = {}): Promise<RunHandle> {
    const { chains, workspace } = this.#options;
    const extra = parseGrants(options.grants ?? [], workspace);
    const { chain, compilation } = await chains.read(await chains.resolve(nameOrPath));
    const start = { kind: 'chain', title: chain.title, source: chain.path, input } as const;
    if (isBroken(chain) || compilation === undefined) return this.#start({ ...start, grants: extra }, options, () => Promise.reject(firstProblem(chain)));
    const { meta } = chain;
    const grants = [...grantsOf(chain, workspace), ...extra];
    return this.#start({ ...start, grants, ...(meta.budget ? { budget: meta.budget } : {}) }, options, async (scope) => {
      if (meta.frozenFrom) {
        const { run, ...use } = meta.frozenFrom;
        scope.journal.append({ type: 'run.replays', of: run, ...use });
      }
      if (meta.tags !== undefined && meta.tags.length > 0) scope.journal.append({ type: 'run.tagged', add: cleanTags(meta.tags), remove: [], by: 'chain' });
      if (meta.isolation !== undefined) this.#options.isolate(scope, meta.isolation);
      const check = meta.input === undefined ? undefined : inputCheck(meta.input);
      const checked = typeof check === 'function' ? check(input) : input;
      const result = await this.#run(scope, { title: chain.title, compilation, exportName: 'default', args: [checked], fixed: fixedSurroundings(options.deterministic), ...(meta.limits ? { limits: meta.limits } : {}) });
      if (meta.output !== undefined) checkResult(meta.output, result);
      return result;
    });
  }

  /** Starts a module whose source is given, as a run of its own. Throws `invalid-grant`; what is wrong with the module is the outcome of the run. */
  startSource(title: string, source: string, options: StartChainOptions = {}): Promise<RunHandle> {
    const grants = parseGrants(options.grants ?? [], this.#options.workspace);
    return Promise.resolve(this.#start({ kind: 'chain', title, source: sourceName, input: { source }, grants }, options, (scope) =>
      scope.step({ kind: 'chain', name: title }, (parent) => this.runSource(scope, {
        source, title, parent, call: (name, input, step) => this.#options.tools.call(name, input, scope, step), console: () => undefined,
      }))));
  }

  #start({ budget, ...start }: Start, options: StartChainOptions, body: (scope: RunScope) => Promise<Json>): RunHandle {
    const { runs, workspace, rules, approver } = this.#options;
    const fixed = fixedSurroundings(options.deterministic);
    return runs.start({
      ...start, workspace, rules,
      ...(fixed === undefined ? {} : { fixed }),
      approver: options.approver ?? approver,
      ...(options.askUngranted === true ? { askUngranted: (options.approver ?? approver).canAsk !== false } : {}),
      budget: { ...this.#options.budget, ...budget, ...options.budget },
      ...(options.signal ? { signal: options.signal } : {}),
    }, body);
  }

  /**
   * Runs a module whose source is given inside a run that goes on, as steps below `parent`. Its calls go through `call`. Files of the workspace that it
   * imports are reads of that run, and need its leave.
   */
  async runSource(scope: RunScope, { source, title, parent, call, console }: SourceProgram): Promise<Json> {
    const { workspace } = this.#options;
    const entry = { path: join(workspace, sourceName), shown: sourceName, inside: true };
    const compilation = await compileSource(entry, source, workspace);
    for (const module of compilation.positions.modules) if (module !== sourceName) await scope.gate.check({ kind: 'fs.read', path: join(workspace, module) }, parent);
    const problem = compilation.problems[0] ?? missingExport(compilation, 'default');
    if (problem) throw problem;
    return this.#run(scope, { title, compilation, exportName: 'default', args: [], parent, call, console });
  }

  async #run(scope: RunScope, { compilation, exportName, ...program }: Program): Promise<Json> {
    await admitPackages(scope, compilation, program.parent);
    const entry = { name: guestEntryName, modules: [[guestEntryName, guestEntrySource(compilation.entry, exportName)]] } as const;
    return runProgram(scope, this.#options, { ...program, kind: 'chain', compilation, entry });
  }
}
