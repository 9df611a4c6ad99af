import * as vscode from 'vscode';
import type { RunSummary, Span } from '../../shared/dto.ts';
import { toErrorInfo } from '../../shared/errors.ts';
import type { RunHistory } from '../run-history.ts';
import { errorItem, moreItem, restrictedItem } from './common-items.ts';
import { runItem } from './run-item.ts';
import type { MoreNode, RestrictedNode, RunNode, RunsNode, StepNode } from './runs-nodes.ts';
import { SteadyRows } from './steady-rows.ts';
import { stepItem } from './step-item.ts';
import { ToldAgain } from './told-again.ts';

const pageSize = 50;
/** Views are redrawn at most this often while runs write. */
const settleMs = 150;

export interface RunsTreeOptions {
  readonly history: RunHistory;
  /** The folder whose runs are shown; none where no folder is open. */
  readonly workspace: () => string | undefined;
  readonly isLive: (run: string) => boolean;
}

/** What may stand at the top. */
type TopNode = RunNode | MoreNode | RestrictedNode;

interface RunEntry {
  readonly node: RunNode;
  summary: RunSummary;
}

/** The view *Runs*: newest first, the steps of each below it, a page at a time. */
export class RunsTree implements vscode.TreeDataProvider<RunsNode>, vscode.Disposable {
  readonly #options: RunsTreeOptions;
  readonly #changed = new vscode.EventEmitter<RunsNode | RunsNode[] | undefined>();
  readonly #toldAgain = new ToldAgain<RunNode>((nodes) => this.#changed.fire([...nodes]));
  readonly #subscription: vscode.Disposable;
  readonly #rows: SteadyRows<TopNode>;
  readonly #limits = new Map<string, number>();
  /** The editor knows nodes by identity: a run must be the same object each time, or it could not be redrawn alone. */
  #runs: ReadonlyMap<string, RunEntry> = new Map();
  /** Those of the list before: the list is read ahead, and until the editor draws it, it may ask for a row that has left it. */
  #before: ReadonlyMap<string, RunEntry> = new Map();
  #view: Pick<vscode.TreeView<RunsNode>, 'visible'> | undefined;
  /** Runs that other runs have started, as far as they were shown. */
  readonly #children = new Map<string, RunEntry>();
  /** Runs that are in no list that is shown; they are news once. */
  readonly #others = new Set<string>();
  readonly #spans = new Map<string, ReadonlyMap<string, { readonly span: Span; readonly children: readonly Span[] }>>();
  readonly #pending = new Set<string>();
  #pendingAll = false;
  #timer: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(options: RunsTreeOptions) {
    this.#options = options;
    this.#rows = new SteadyRows({
      read: () => this.#roots(), keyOf: (row) => (row.kind === 'run' ? row.id : row.kind),
      draw: (rows) => {
        if (rows === undefined) this.#toldAgain.changed();
        this.#changed.fire(rows && [...rows]);
      },
    });
    this.#subscription = options.history.onDidChange((runs) => this.#note(runs));
  }

  async getChildren(node?: RunsNode): Promise<RunsNode[]> {
    try {
      if (node === undefined) {
        const rows = await this.#rows.list();
        this.#toldAgain.listed();
        return rows;
      }
      return node.kind === 'run' ? await this.#below(node) : node.kind === 'step' ? await this.#steps(node) : [];
    } catch (error) {
      return [{ kind: 'error', error: toErrorInfo(error) }];
    }
  }

  getTreeItem(node: RunsNode): vscode.TreeItem {
    switch (node.kind) {
      case 'run': {
        const { summary } = (this.#entry(node.id) ?? this.#before.get(node.id))!;
        return runItem(summary, this.#options.isLive(node.id));
      }
      case 'step': {
        const { span, children } = this.#spans.get(node.run)!.get(node.id)!;
        return stepItem(node.run, span, children.length > 0);
      }
      case 'more':
        return moreItem(node);
      case 'restricted':
        return restrictedItem();
      case 'error':
        return errorItem(node.error);
    }
  }

  refresh(): void {
    // Nothing is read, and no runtime opened, for a list that nobody sees.
    if (this.#view?.visible === false) this.#rows.forget();
    else void this.#rows.changed();
  }

  shownIn(view: Pick<vscode.TreeView<RunsNode>, 'visible'>): void {
    this.#view = view;
  }

  showMore({ of }: MoreNode): void {
    const key = listKey(of);
    this.#limits.set(key, (this.#limits.get(key) ?? pageSize) + pageSize);
    if (of === undefined) this.refresh();
    else this.#changed.fire(of);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#toldAgain.dispose();
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  async #roots(): Promise<readonly TopNode[]> {
    const workspace = this.#options.workspace();
    if (workspace === undefined) return [];
    const { items, next } = await this.#options.history.runs({ workspace, parent: null, limit: this.#limit(undefined) });
    const nodes = items.map((summary) => {
      const node = this.#runs.get(summary.id)?.node ?? { kind: 'run', id: summary.id } as const;
      return [summary.id, { node, summary }] as const;
    });
    this.#before = this.#runs;
    this.#runs = new Map(nodes);
    for (const id of this.#spans.keys()) if (this.#entry(id) === undefined && !this.#before.has(id)) this.#spans.delete(id);
    // Where there is no run, the welcome of the view says the same at greater length.
    const restricted = nodes.length > 0 && !vscode.workspace.isTrusted ? [{ kind: 'restricted' } as const] : [];
    return [...restricted, ...nodes.map(([, { node }]) => node), ...(next === undefined ? [] : [{ kind: 'more', of: undefined } as const])];
  }

  async #below(node: RunNode): Promise<RunsNode[]> {
    const asked = performance.now();
    const below = [...(await this.#childRuns(node.id)), ...(await this.#steps(node))];
    this.#toldAgain.told(node, asked);
    return below;
  }

  /** What a run has started stands below it, and above its steps: there it is found without opening turn after turn. */
  async #childRuns(run: string): Promise<RunsNode[]> {
    const summaries = await this.#options.history.children(run);
    return summaries.map((summary) => {
      const node = this.#children.get(summary.id)?.node ?? { kind: 'run', id: summary.id } as const;
      this.#children.set(summary.id, { node, summary });
      return node;
    });
  }

  #entry(run: string): RunEntry | undefined {
    return this.#runs.get(run) ?? this.#children.get(run);
  }

  async #steps(parent: RunNode | StepNode): Promise<RunsNode[]> {
    const run = parent.kind === 'run' ? parent.id : parent.run;
    const children = parent.kind === 'run' ? await this.#topSteps(run) : (this.#spans.get(run)?.get(parent.id)?.children ?? []);
    const shown = children.slice(0, this.#limit(parent)).map(({ id }): StepNode => ({ kind: 'step', run, id }));
    return shown.length < children.length ? [...shown, { kind: 'more', of: parent }] : shown;
  }

  /** The steps of the run as a whole and of its chain say nothing that the run's line does not say: what is below them is shown. */
  async #topSteps(run: string): Promise<readonly Span[]> {
    const spans = await this.#options.history.spans(run);
    const children = Map.groupBy(spans, ({ parent }) => parent);
    const below = (id: string | undefined) => children.get(id) ?? [];
    this.#spans.set(run, new Map(spans.map((span) => [span.id, { span, children: below(span.id) }])));
    const roots = below(undefined).flatMap((root) => (root.kind === 'run' ? below(root.id) : [root]));
    const [only, ...others] = roots;
    return only?.kind === 'chain' && others.length === 0 && below(only.id).length > 0 ? below(only.id) : roots;
  }

  #limit(list: RunNode | StepNode | undefined): number {
    return this.#limits.get(listKey(list)) ?? pageSize;
  }

  #note(runs: readonly string[] | undefined): void {
    const unknown = runs?.filter((run) => this.#entry(run) === undefined && !this.#others.has(run));
    if (runs === undefined || unknown === undefined || unknown.length > 0) this.#pendingAll = true;
    for (const run of unknown ?? []) this.#others.add(run);
    for (const run of runs ?? []) this.#pending.add(run);
    this.#timer ??= setTimeout(() => void this.#redraw(), settleMs);
  }

  async #redraw(): Promise<void> {
    const changed = [...this.#pending];
    const all = this.#pendingAll;
    this.#timer = undefined;
    this.#pending.clear();
    this.#pendingAll = false;
    if (all) return this.refresh();
    for (const id of changed) {
      const entry = this.#entry(id);
      if (!entry) continue;
      try {
        entry.summary = await this.#options.history.run(id);
        this.#changed.fire(entry.node);
      } catch {
        // Deleted meanwhile by another window: the whole list tells the truth again.
        this.refresh();
      }
    }
  }
}

function listKey(list: RunNode | StepNode | undefined): string {
  return list === undefined ? '' : list.kind === 'run' ? list.id : `${list.run}/${list.id}`;
}
