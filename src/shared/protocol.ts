import type { Picture } from './chat.ts';
import type { Bill, DestructionReport, NetworkReport, Page, RunDetail, RunSummary, Span } from './dto.ts';
import type { SourceLocation } from './errors.ts';
import type { Mark } from './events.ts';
import type { Fold } from './fold.ts';
import type { Call, ChatEvents, ChatMethods, OfRun } from './protocol-chat.ts';
import type { FigureEvents, FigureMethods, FigurePlace } from './protocol-figures.ts';
import type { RunPair, TraceEvents, TraceMethods } from './protocol-trace.ts';
import type { ViewEvents, ViewMethods } from './protocol-views.ts';
import type { RunState } from './run-state.ts';

/** One visible row of the trace: a span without its values, which may be large, and with its place in the tree. */
export interface SpanRow extends Omit<Span, 'input' | 'output' | 'error'> {
  /** What its input is about, in a few words: an address, a path, a query. Ten steps of one name are told apart by it. */
  readonly about?: string;
  /** The error's message, shortened. */
  readonly problem?: string;
  /** The first picture of its output. */
  readonly picture?: Picture;
  readonly children: number;
  readonly open: boolean;
  /** Counts from 1 among the visible siblings. */
  readonly position: number;
  readonly siblings: number;
  /** Index of the parent among the visible rows. */
  readonly parentRow?: number;
  /** False for a row that a filter keeps only because something below it matches. */
  readonly matches: boolean;
  /** Its end may stand in what of a long record was not read yet. */
  readonly unread?: true;
}

export interface SpanPage {
  readonly offset: number;
  readonly rows: readonly SpanRow[];
  /** Visible rows in all, under this fold and filter. */
  readonly total: number;
  /** Spans of the run in all. */
  readonly spans: number;
  /** Row of the span asked for with `find`; absent where it is not visible. */
  readonly found?: number;
  /** The record is long and still being read: rows may move, and `changed` tells when they do not any more. */
  readonly reading?: true;
}

export type LogKind = 'debug' | 'info' | 'warn' | 'error' | 'progress' | 'denied' | 'question' | 'answer' | 'stop';

export interface LogLine {
  readonly seq: number;
  readonly at: number;
  readonly kind: LogKind;
  readonly message: string;
  /** 0 to 1, of progress only. */
  readonly fraction?: number;
}

export interface LogPage {
  readonly lines: readonly LogLine[];
  /** Lines of the run in all. */
  readonly total: number;
  /** The newest progress, whichever page was asked for. */
  readonly progress?: LogLine;
}

export interface RunView {
  readonly run: RunDetail;
  /** The host's clock in milliseconds since 1970: a remote host's may differ from the one of the page. */
  readonly now: number;
  /** What it and all runs below it really cost, in US dollars. */
  readonly cost: { readonly usd: number; readonly mark: Mark; /** Runs below it. */ readonly below: number };
  /** By which it is found. */
  readonly tags: readonly string[];
  /** True where this program runs it and can stop it. */
  readonly live: boolean;
  /** True where it can be started once more with the same input. */
  readonly repeatable: boolean;
}

/** What a person has set about the panel itself. */
export interface PanelSettings {
  /** The key that sends what stands in the composer; the other combination makes a new line. */
  readonly sendWith: 'enter' | 'ctrlEnter';
}

/** What the panel may ask. Reads are pages; nothing ever sends the whole state. */
/** Words that were not sent, by the run that they are for; `new` for a new task. */
export interface KeptDrafts {
  readonly drafts: Readonly<Record<string, string>>;
  /** When they stood there, in milliseconds since 1970 by the clock of the page. */
  readonly at: number;
}

/** What the panel may ask its host. */
export interface PanelMethods extends ChatMethods, FigureMethods, TraceMethods, ViewMethods {
  /** The page has loaded and may know from before which run it showed. The answer says which one to show; none where there is none yet. */
  'panel.hello': Call<{ readonly run?: string; /** When the page kept that, in milliseconds since 1970. */ readonly at?: number }, {
    readonly settings: PanelSettings; readonly run?: string;
    /** True where a person asked for that run, or began it after the page was kept; it then comes before whatever the page was showing. */
    readonly asked: boolean;
    /** Set where a person asked for the place of a new task: the words that stand in it. */
    readonly compose?: string;
    /** Set where a person asked for this place. */
    readonly place?: FigurePlace;
    /** Set where a person asked to see two runs side by side. */
    readonly compare?: RunPair;
    /** Unsent words that the host has kept. */
    readonly drafts?: KeptDrafts;
    readonly strings?: Readonly<Record<string, string>>;
  }>;
  /** Keeps unsent words over a reload of the window, which may take the page away before the editor has written down its memory. */
  'panel.keep': Call<KeptDrafts, null>;
  /** Makes the page anew, where it could not be drawn: a page cannot load itself again inside the editor. */
  'panel.reload': Call<Record<string, never>, null>;
  /** Newest first. */
  'runs.list': Call<{ readonly after?: string; readonly limit: number }, Page<RunSummary>>;
  'run.detail': Call<OfRun, RunView>;
  /** The visible rows in preorder, `limit` of them from `offset`. */
  'run.spans': Call<OfRun & { readonly offset: number; readonly limit: number; readonly fold: Fold; readonly filter?: string; readonly find?: string }, SpanPage>;
  /** One span with its values. */
  'run.span': Call<OfRun & { readonly span: string }, Span>;
  'run.leases': Call<OfRun, DestructionReport>;
  'run.bill': Call<OfRun, Bill>;
  /** What its pages reached and were refused; the first rows of each, by their size. */
  'run.network': Call<OfRun, NetworkReport & { readonly moreHosts: number; readonly moreRefused: number }>;
  /** Lines after the event `after`, oldest first; the last `limit` lines where `after` is absent. */
  'run.log': Call<OfRun & { readonly after?: number; readonly limit: number }, LogPage>;
  /** Part of a stored value as Base64; less than `length` bytes at the end. */
  'blob.read': Call<{ readonly hash: string; readonly offset: number; readonly length: number }, { readonly data: string }>;
  /** False where this program does not run it. */
  'run.cancel': Call<OfRun, { readonly stopped: boolean }>;
  /** Starts it once more with the same input; resolves once the new run is recorded. */
  'run.again': Call<OfRun, OfRun>;
  'run.export': Call<OfRun, null>;
  'source.open': Call<SourceLocation, null>;
}

/** What the host tells without being asked: only that something changed. */
export interface PanelEvents extends ChatEvents, FigureEvents, TraceEvents, ViewEvents {
  /** The newest event of a run and its state. At most ten a second for each run. */
  'changed': OfRun & { readonly seq: number; readonly state: RunState };
  /** A person asked to see this run. */
  'open': OfRun;
  /** A person asked for the place where a new task is written. */
  'compose': { readonly text?: string };
  /** The run that is shown was deleted. */
  'gone': OfRun;
}

export type MethodName = keyof PanelMethods;
export type Params<M extends MethodName> = PanelMethods[M]['params'];
export type Result<M extends MethodName> = PanelMethods[M]['result'];
export type EventName = keyof PanelEvents;

