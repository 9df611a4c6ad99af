import type { AppHostOptions } from '../mcp/apps/app-host.ts';
import type { TagChange } from '../run/tag-run.ts';
import type { Approval, ApprovalAnswer } from '../shared/approvals.ts';
import type { ModelDelta, ModelDraft, OpenQuestion } from '../shared/conversation.ts';
import type { Span } from '../shared/dto.ts';
import type { SourceLocation } from '../shared/errors.ts';
import type { JournalEvent } from '../shared/events.ts';
import type { MentionCompletion } from '../shared/mentions.ts';
import type { Infrastructure } from '../shared/infrastructure.ts';
import type { KeptDrafts } from '../shared/protocol.ts';
import type { ModelChoice, StartRequest } from '../shared/protocol-chat.ts';
import type { UsageFormat } from '../shared/protocol-figures.ts';
import type { ReportAssumptions } from '../savings/report/usage-report.ts';
import type { DeclaredLooks, OfStep } from '../shared/protocol-views.ts';
import type { SetupWay } from '../shared/setup-ways.ts';
import type { RunStore } from '../store/run-store.ts';
import type { Beginning } from './run-beginning.ts';

/** The records that the panel shows. They may change owner while it is open: the store is asked for at each read. */
export interface PanelHistory {
  read<T>(work: (store: RunStore) => T | Promise<T>): Promise<T>;
  events(run: string): Promise<readonly JournalEvent[]>;
  spans(run: string): Promise<readonly Span[]>;
  /** What a long record begins with, while all of it is being read; none where it is known, or short. */
  beginning(run: string): Promise<Beginning | undefined>;
  /** Tells the ids of the runs with new events; `undefined` where anything may have changed. */
  onDidChange(listener: (runs: readonly string[] | undefined) => void): { dispose(): unknown };
}

/** What a page wants to find again after a reload of the window. */
export interface PanelMemory {
  read(): KeptDrafts | undefined | Promise<KeptDrafts | undefined>;
  keep(kept: KeptDrafts): void;
}

/** What the panel can do to runs. */
export interface PanelActions {
  isLive(run: string): boolean;
  /** False where this program does not run it. */
  cancel(run: string, reason: string): boolean;
  /** Starts it once more with the same input; gives the new run's id once that is recorded. */
  again(run: string): Promise<string>;
  exportRun(run: string): Promise<void>;
  /** Makes the page anew. */
  reload(): void;
  /** `location.file` is absolute and inside the workspace. */
  openSource(location: SourceLocation): Promise<void>;
}

/** What the panel can do about tasks; the editor's side of it shows dialogs, a test's does not. */
export interface PanelTasks {
  start(request: StartRequest): Promise<string | undefined>;
  steer(run: string, text: string): Promise<string>;
  withdraw(run: string, message: string): Promise<boolean>;
  /** Gives the tags that the run has then. */
  tag(run: string, change: TagChange): Promise<readonly string[]>;
  /** Without a text the person will not answer. False where it is no longer open. */
  answer(ask: string, text: string | undefined): Promise<boolean>;
  useWhole(run: string): Promise<{ readonly tokens: number }>;
  resume(run: string): Promise<string>;
  fork(run: string, turn: number, text: string): Promise<string>;
  approvePlan(run: string): Promise<string>;
  undo(run: string): Promise<string | undefined>;
  freeze(run: string): Promise<string | undefined>;
  /** Opens what a run changed in the editor's own view of changes. */
  showChanges(run: string): Promise<void>;
  showDiff(run: string, path: string, before: string | undefined, after: string): Promise<void>;
  /** What a file of the workspace holds now; none where there is none. */
  fileNow(path: string): Promise<Uint8Array | undefined>;
  draft(run: string): ModelDraft | undefined;
  onDelta(listener: (delta: Pick<ModelDelta, 'run' | 'step' | 'kind'>) => void): { dispose(): unknown };
  approvals(): readonly Approval[];
  questions(): readonly OpenQuestion[];
  decide(id: string, answer: ApprovalAnswer): Promise<boolean>;
  /** Hears when other approvals or questions are open than before. */
  onAsks(listener: () => void): { dispose(): unknown };
  model(refresh: boolean): Promise<ModelChoice>;
  chooseModel(): Promise<ModelChoice>;
  setUp(way: SetupWay): Promise<void>;
  mentions(text: string, cursor: number): Promise<MentionCompletion>;
  openLink(address: string): Promise<void>;
}

/** What the panel needs for figures over many runs, beside the records; the editor's side of it shows dialogs, a test's does not. */
export interface PanelFigures {
  /** What this machine is called in reports. */
  readonly machine: string;
  /** What only the person can say of their savings. */
  assumptions(): ReportAssumptions | Promise<ReportAssumptions>;
  /** Record files that the person chooses; none where they went back. */
  pickRecords(): Promise<readonly { readonly name: string; readonly text: string }[]>;
  /** Asks where to, and writes there what `text` then gives. False where the person went back. */
  save(format: UsageFormat, text: () => Promise<string>): Promise<boolean>;
  infrastructure(): Promise<Infrastructure>;
}

/** A view with what it may have done, before it has a frame. */
export interface ShownView extends Omit<AppHostOptions, 'post' | 'cutOff'> {
  readonly title: string;
  /** Whose it is, in a sentence. */
  readonly from: string;
  /** What its server wrote. */
  readonly html: string;
}

/** Views of MCP servers for calls that are on record. */
export interface PanelMcpViews {
  /** What is known of these tools without starting a server. */
  declared(tools: readonly string[]): Promise<DeclaredLooks>;
  open(step: OfStep): Promise<ShownView>;
  openTab(step: OfStep): Promise<void>;
}
