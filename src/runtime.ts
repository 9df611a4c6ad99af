import { realpath } from 'node:fs/promises';
import { TaskDoor } from './agent/task-door.ts';
import { memoryTools } from './agent/memory/memory-tools.ts';
import type { StartTaskOptions } from './agent/task-options.ts';
import { TaskRunner } from './agent/task-runner.ts';
import { AgentCatalog } from './agent/team/agent-catalog.ts';
import { agentFolder } from './agent/team/agent-definition.ts';
import { Team } from './agent/team/team.ts';
import { teamTools } from './agent/team/team-tools.ts';
import type { ContextSources } from './agent/context/context-sources.ts';
import { describeRun } from './agent/context/describe-run.ts';
import { untrustedIn } from './agent/untrusted.ts';
import { sentContext } from './agent/context/sent-context.ts';
import type { BrowserFactory } from './browser/browser-factory.ts';
import { ChainCatalog } from './chains/chain-catalog.ts';
import { ChainRunner, type StartChainOptions } from './chains/chain-runner.ts';
import type { FrozenChain } from './chains/freeze.ts';
import { freezeRun } from './chains/freeze-run.ts';
import { FunctionRunner } from './chains/functions/function-runner.ts';
import type { McpHub } from './mcp/mcp-hub.ts';
import type { McpSignIns } from './mcp/oauth/mcp-sign-ins.ts';
import type { ServerTrust } from './mcp/trust/server-trust.ts';
import { ModelRegistry } from './models/model-registry.ts';
import { explainAction, type PolicyQuestion } from './chains/explain-action.ts';
import { Approvals } from './policy/approvals.ts';
import { DecisionBook } from './policy/decisions.ts';
import type { Explanation } from './policy/explain.ts';
import { parseGrants } from './policy/grant.ts';
import type { Rule } from './policy/authorize.ts';
import { Redactor } from './policy/redact.ts';
import { ownRules, parseRules } from './policy/rules.ts';
import { UntrustedFiles } from './policy/untrusted-files.ts';
import { RunManager, type RunHandle } from './run/run-manager.ts';
import type { RunRequest } from './run/run-request.ts';
import type { RunScope } from './run/run-scope.ts';
import type { SweepReport } from './run/sweep.ts';
import { RuntimeBrowsers } from './runtime-browsers.ts';
import { runtimeMcp, type RuntimeMcp } from './runtime-mcp.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import { openStore } from './runtime-store.ts';
import { startTraceExport, type TraceExport } from './runtime-telemetry.ts';
import { SandboxFactory } from './sandbox/sandbox-factory.ts';
import { treeBillOf } from './savings/tree-bill.ts';
import type { Bill, DestructionReport, NetworkReport, RunDetail, Span } from './shared/dto.ts';
import { AssassinError } from './shared/errors.ts';
import type { JournalEvent } from './shared/events.ts';
import type { Json } from './shared/json.ts';
import type { MentionCompletion, SentContext } from './shared/mentions.ts';
import { DecisionFile } from './store/decision-file.ts';
import type { HostIdentity } from './store/host-identity.ts';
import type { RunStore } from './store/run-store.ts';
import { descendantsOf } from './store/descendants.ts';
import { destructionOf } from './telemetry/destruction.ts';
import { networkOf } from './telemetry/network.ts';
import { detailOf } from './telemetry/detail.ts';
import { spansOf } from './telemetry/spans.ts';
import { browserTools } from './tools/browser-tools.ts';
import { catalogueTool } from './tools/catalogue-tool.ts';
import { execTools } from './tools/exec-tools.ts';
import { guestModuleName, guestModuleSource } from './tools/guest-module.ts';
import { httpTools } from './tools/http-tools.ts';
import { languageTools } from './tools/language-tools.ts';
import { mcpOfferTools } from './tools/mcp-offer-tools.ts';
import { McpToolSource } from './tools/mcp-tool-source.ts';
import { ToolRegistry } from './tools/registry.ts';
import { modelTools } from './tools/model-tools.ts';
import type { PageToolOptions } from './tools/page-tool-options.ts';
import { runTools } from './tools/run-tools.ts';
import { startToolSearch } from './tools/search-run.ts';
import { searchTools } from './tools/search-tools.ts';
import { RunChanges } from './tools/run-changes.ts';
import { workspaceTools } from './tools/workspace-tools.ts';
import { completeMention } from './workspace/context/complete-mention.ts';
import { FileIndex } from './workspace/context/file-index.ts';
import { pathExists, writeText } from './workspace/files.ts';
import { folderTexts } from './workspace/folder-texts.ts';
import { resolvePath } from './workspace/paths.ts';

/** The composition root: wires the rooms, knows no editor and no terminal. Both doors use exactly this. */
export class Runtime implements AsyncDisposable {
  /** The real path of the workspace folder, under which its runs are stored. */
  readonly workspace: string;
  readonly store: RunStore;
  readonly redactor: Redactor;
  readonly runs: RunManager;
  readonly browsers: BrowserFactory;
  /** Which browser there is: downloaded ones, and whether they are held by their proxy. */
  readonly browserPrograms: RuntimeBrowsers;
  readonly sandboxes: SandboxFactory;
  readonly mcp: McpHub;
  /** What the person has let in of MCP servers, and what waits for a word. */
  readonly mcpTrust: ServerTrust;
  readonly mcpSignIns: McpSignIns;
  readonly mcpCatalog: RuntimeMcp['catalog'];
  readonly tools: ToolRegistry;
  readonly models: ModelRegistry;
  readonly chains: ChainCatalog;
  /** Single functions of the workspace, once or served. */
  readonly functions: FunctionRunner;
  /** Open questions of all runs whether an action is allowed. */
  readonly approvals: Approvals;
  /** What the person has decided for this workspace. */
  readonly decisions: DecisionBook;
  /** The agents of the workspace, and what they ask of each other. */
  readonly team: Team;
  /** What the start found of hosts that were killed. */
  readonly swept: SweepReport;
  readonly traceExport: TraceExport | undefined;
  readonly #files: FileIndex;
  /** What runs have changed in files, to be reviewed and put back. */
  readonly changes: RunChanges;
  readonly #runner: ChainRunner;
  /** Tasks as conversations: what models say, what is said to them, and how one goes on from another. */
  readonly tasks: TaskDoor;
  readonly #tasks: TaskRunner;
  readonly #rules: readonly Rule[];
  readonly #options: RuntimeOptions;

  /** Opens the store, sweeps what a killed host left and wires the rooms. Throws `store-*` errors only; all else fails where it is used. */
  static async open(options: RuntimeOptions): Promise<Runtime> {
    const { store, host, swept } = await openStore(options);
    try {
      // Grants and rules are matched against real paths: below a workspace that is itself reached through a link they would all miss.
      const workspace = await realpath(options.workspace).catch(() => options.workspace);
      const dataDirectory = await realpath(options.dataDirectory);
      return new Runtime({ ...options, workspace, dataDirectory }, store, host, swept);
    } catch (error) {
      store[Symbol.dispose]();
      throw error;
    }
  }

  private constructor(options: RuntimeOptions, store: RunStore, host: HostIdentity, swept: SweepReport) {
    const { workspace, settings, distDirectory, version } = options;
    this.workspace = workspace;
    this.#options = options;
    this.#rules = parseRules([...settings.rules, ...ownRules(workspace, options.dataDirectory)], workspace);
    this.#files = new FileIndex(workspace);
    this.store = store;
    this.swept = swept;
    this.redactor = new Redactor();
    this.traceExport = startTraceExport({ options, store, redactor: this.redactor, rules: this.#rules });
    this.approvals = new Approvals(options.approver);
    this.decisions = new DecisionBook(new DecisionFile(options.dataDirectory, workspace), workspace);
    this.runs = new RunManager({
      store, host, redactor: this.redactor, version, concurrency: settings.maxConcurrentRuns, decisions: this.decisions, ...(settings.sharedBudget ? { shared: { limits: settings.sharedBudget, workspace } } : {}), untrustedFiles: new UntrustedFiles(workspace, store.markedFiles),
      ...(settings.approvalTimeoutSeconds === undefined ? {} : { approvalTimeoutMs: settings.approvalTimeoutSeconds * 1000 }),
    });
    this.browserPrograms = new RuntimeBrowsers({ options, store, host, runs: this.runs, rules: this.#rules });
    this.browsers = this.browserPrograms.factory;
    this.sandboxes = new SandboxFactory({
      worker: new URL('sandbox-worker.js', distDirectory),
      assets: distDirectory,
      limits: settings.sandboxLimits ?? {},
      engine: settings.sandboxEngine ?? 'quickjs-wasi',
      prelude: new Map([[guestModuleName, guestModuleSource]]),
    });
    this.models = new ModelRegistry({ redactor: this.redactor, ...(settings.discoverModels === false ? { discover: false } : {}), ...(settings.modelPrices ? { prices: settings.modelPrices } : {}), ...(options.modelHint === undefined ? {} : { hint: options.modelHint }) });
    for (const source of options.modelSources ?? []) this.models.register(source);
    this.models.configure(settings.modelProviders ?? []);
    ({ hub: this.mcp, trust: this.mcpTrust, signIns: this.mcpSignIns, catalog: this.mcpCatalog } = runtimeMcp({ options, redactor: this.redactor, models: this.models, store, host, runs: this.runs, rules: this.#rules }));
    this.changes = new RunChanges({ runs: this.runs, store, workspace, rules: this.#rules, events: (run) => this.events(run) });
    this.tools = new ToolRegistry({ secrets: { value: options.secret ?? (() => Promise.resolve(undefined)), redactor: this.redactor } });
    this.tools.register(...browserTools(this.browsers, this.#pageOptions(options)), ...workspaceTools(), ...httpTools(), ...execTools(), ...runTools(), ...languageTools(options.editor), ...modelTools(this.models));
    this.tools.register(...searchTools({ ripgrep: options.ripgrep ?? [], searchPath: process.env['PATH'] ?? '', worker: new URL('search-worker.js', distDirectory) }));
    this.team = new Team({
      catalog: new AgentCatalog({ workspace, files: () => folderTexts(workspace, agentFolder, '.md') }),
      record: { events: (run) => this.events(run), children: (run) => store.children(run), readBlob: (hash, offset, length) => store.blobs.read(hash, offset, length), ownBlob: (run, hash) => this.#ownBlob(run, hash) },
      readWhole: (hash) => store.blobs.read(hash), startChild: (task, child) => this.#tasks.startChild(task, child),
    });
    this.tools.register(...teamTools(this.team), ...memoryTools(workspace));
    this.tools.register(...mcpOfferTools(this.mcp), catalogueTool(this.mcpCatalog));
    this.tools.registerSource(new McpToolSource(this.mcp));
    this.chains = new ChainCatalog({ workspace });
    this.#runner = new ChainRunner({
      workspace, chains: this.chains, runs: this.runs, sandboxes: this.sandboxes, tools: this.tools, isolate: (scope, isolation) => this.browsers.isolate(scope, isolation),
      approver: this.approvals, rules: this.#rules, ...(settings.budget ? { budget: settings.budget } : {}),
    });
    this.functions = new FunctionRunner({
      workspace, runs: this.runs, sandboxes: this.sandboxes, tools: this.tools, distDirectory,
      approver: this.approvals, rules: this.#rules, ...(settings.budget ? { budget: settings.budget } : {}),
    });
    this.#tasks = new TaskRunner({
      workspace, redactor: this.redactor, runs: this.runs, tools: this.tools, approver: this.approvals, rules: this.#rules, ...(settings.budget ? { budget: settings.budget } : {}),
      code: { run: (scope, request) => this.#runner.runSource(scope, request) }, models: this.models,
      readBlob: (hash, offset, length) => store.blobs.read(hash, offset, length), ownBlob: (run, hash) => this.#ownBlob(run, hash), events: (run) => this.events(run), eventsOf: (run, types) => store.eventsOf(run, types), team: this.team,
      ...(settings.modelDefaults ? { modelDefaults: settings.modelDefaults } : {}),
      sources: { ...(options.editor ? { editor: options.editor } : {}), trusted: options.trusted ?? (() => true), describeRun: (run) => this.#describe(run) },
      inheritBlobs: (from, to) => {
        store.shareBlobs(from, to);
        return store.blobsOf(to);
      },
    });
    this.tasks = new TaskDoor({ workspace, store, runs: this.runs, runner: this.#tasks, events: (run) => this.events(run), checkChain: (path) => this.chains.check(path) });
  }

  #pageOptions({ version, distDirectory, secret = () => Promise.resolve(undefined), storeSecret }: RuntimeOptions): PageToolOptions {
    return {
      version, axe: new URL('axe.js', distDirectory), hide: (values) => this.redactor.add(values),
      secrets: { value: secret, ...(storeSecret === undefined ? {} : { store: storeSecret }) },
      readBlob: (run, blob) => this.#ownBlob(run, blob),
    };
  }

  async #ownBlob(run: string, blob: string): Promise<Uint8Array | undefined> {
    return this.store.blobsOf(run).some(({ hash }) => hash === blob) ? this.store.blobs.read(blob) : undefined;
  }

  /**
   * Starts a task for an agent with a model. It may read the workspace (but no secrets) and use sandboxes; everything else needs a grant, or is asked
   * where there is somebody to ask. Throws `no-model`, `invalid-grant`, `invalid-input`, and `budget-exceeded` where no tokens are granted.
   */
  startTask(text: string, options: StartTaskOptions = {}): Promise<RunHandle> {
    return this.#tasks.start(text, options);
  }

  /**
   * Starts a chain by file (relative to the workspace or absolute) or by name. Resolves once the run is recorded.
   * A chain that cannot be compiled is recorded too, as a failed run that says where it is wrong.
   */
  startChain(chain: string, input: Json, options: StartChainOptions = {}): Promise<RunHandle> {
    return this.#runner.startChain(chain, input, options);
  }

  /** Starts a module that is given as text in a sandbox, with the grants of `options` and no others: what it may not do is asked where somebody can be. */
  startCode(title: string, source: string, options: StartChainOptions = {}): Promise<RunHandle> {
    return this.#runner.startSource(title, source, options);
  }

  /** Starts one exported function of a workspace file in a sandbox without any grant. `args` is the argument list. */
  startFunction(file: string, exportName: string, args: readonly Json[], options: StartChainOptions = {}): Promise<RunHandle> {
    return this.functions.start(file, exportName, args, options);
  }

  /** Starts one call of a tool as a run of its own, with the grants that are given and no others. `title`: what people know it by. Throws `invalid-grant`. */
  startTool(name: string, input: Json, { title = name, ...options }: StartChainOptions & { readonly title?: string } = {}): Promise<RunHandle> {
    return this.startWork({ title, source: name, input }, options, (scope) => this.tools.call(name, input, scope));
  }

  /** As `startTool`, for work that calls several tools. */
  startWork(of: Pick<RunRequest, 'title' | 'source' | 'input'>, options: StartChainOptions, work: (scope: RunScope) => Promise<Json>): Promise<RunHandle> {
    const { workspace, settings } = this.#options;
    const { grants = [], approver = this.approvals, askUngranted, budget, signal } = options;
    const request = {
      kind: 'function', ...of, workspace, grants: parseGrants(grants, workspace), rules: this.#rules, approver,
      ...(askUngranted === true ? { askUngranted: approver.canAsk !== false } : {}),
      budget: { ...settings.budget, ...budget }, ...(signal === undefined ? {} : { signal }),
    } as const;
    return Promise.resolve(this.runs.start(request, work));
  }

  /** Starts a search among all tools that are known. */
  searchTools(query: string): Promise<RunHandle> {
    return Promise.resolve(startToolSearch(this, query));
  }

  /** As `changes.undo`. */
  undo(...args: Parameters<RunChanges['undo']>): RunHandle {
    return this.changes.undo(...args);
  }

  /**
   * Saves the code of a finished task, or (`pages`) what a run did with pages, as a chain, with no more grants than it used, and gives back its path. Throws `run-not-found`, `chain-invalid`
   * where the task has no code that ended well, and `invalid-input` where there is such a chain already.
   */
  async freeze(run: string, name?: string, { pages = false } = {}): Promise<FrozenChain> {
    this.store.run(run);
    const frozen = await freezeRun({ events: this.events(run), workspace: this.workspace, readBlob: (hash) => this.store.blobs.read(hash), ...(name === undefined ? {} : { name }) }, pages);
    const file = await resolvePath(this.workspace, frozen.path);
    if (!file.inside || !file.shown.startsWith('.assassin/chains/')) throw new AssassinError('invalid-input', `${frozen.path} is not a place for a chain.`, { hint: 'Give a plain name, such as "price-watch".' });
    if (await pathExists(file)) throw new AssassinError('invalid-input', `There is a chain ${frozen.path} already.`, { hint: 'Give another name.' });
    await writeText(file, frozen.text);
    return frozen;
  }

  /** What could stand in place of the mention at `cursor` (a UTF-16 offset) of a task that is being written. Throws nothing for half-written texts. */
  async mentionCandidates(text: string, cursor: number): Promise<MentionCompletion> {
    const { files } = await this.#files.list();
    const runs = this.store.runs({ workspace: this.workspace, limit: 50 }).items;
    const editorOnly = this.#options.editor ? [] : ['selection', 'problems', 'terminal'];
    return completeMention(text, cursor, { files, runs, lacks: (kind) => (editorOnly.includes(kind) ? 'Works in the editor only' : undefined) });
  }

  /** What the first request of a task carried, part by part with tokens; `undefined` for runs without one. Throws `run-not-found`. */
  async sentContext(run: string): Promise<SentContext | undefined> {
    this.store.run(run);
    return sentContext(this.events(run), (hash) => this.store.blobs.read(hash));
  }

  /** Of this workspace only: what other workspaces did is nobody's business here. */
  async #describe(run: string): ReturnType<ContextSources['describeRun']> {
    try {
      const summary = this.store.run(run);
      if (summary.workspace !== this.workspace) return undefined;
      const events = this.events(run);
      return { text: describeRun(summary, events), untrusted: untrustedIn(events) };
    } catch (error) {
      if (AssassinError.isInstance(error) && error.code === 'run-not-found') return undefined;
      throw error;
    }
  }

  /** What the gate would decide on an action, and why. Throws `invalid-input`, `invalid-grant` and what is wrong with the chain. */
  explain(question: PolicyQuestion): Promise<Explanation> {
    return explainAction(question, { workspace: this.workspace, rules: [...this.#rules, ...this.decisions.rules], chains: this.chains });
  }

  events(run: string): readonly JournalEvent[] {
    const events: JournalEvent[] = [];
    for (let after = 0; ; after = events.at(-1)!.seq) {
      const page = this.store.events(run, after, 5000);
      events.push(...page);
      if (page.length < 5000) return events;
    }
  }

  detail(run: string): RunDetail {
    return detailOf(this.store.run(run), this.events(run), this.store.children(run));
  }

  trace(run: string): readonly Span[] {
    return spansOf(this.events(run), this.store.run(run).state);
  }

  destruction(run: string): DestructionReport {
    return destructionOf(this.events(run));
  }

  network(run: string): NetworkReport {
    return networkOf(this.events(run));
  }

  bill(run: string): Bill {
    const below = descendantsOf(run, (id) => this.store.children(id));
    return treeBillOf(run, this.events(run), below.map((child) => ({ run: child, events: this.events(child.id) })));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runs[Symbol.asyncDispose]();
    await this.browsers[Symbol.asyncDispose]();
    await this.mcp[Symbol.asyncDispose]();
    await this.sandboxes[Symbol.asyncDispose]();
    await this.traceExport?.[Symbol.asyncDispose]();
    this.store[Symbol.dispose]();
  }
}
