import type { Picture } from './chat.ts';
import type { FileDiff } from './file-diff.ts';
import type { ComparedSide, ComparedStep } from './comparison.ts';
import type { SessionSummary } from './conversation.ts';
import type { Page } from './dto.ts';
import type { SourceLocation } from './errors.ts';
import type { EventType, Mark } from './events.ts';
import type { Fold } from './fold.ts';
import type { Call, OfRun } from './protocol-chat.ts';
import type { RunFacets } from './run-filter.ts';

/** One event of the journal as a line of the log view. */
export interface EventLine {
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly type: EventType;
  readonly tone: 'plain' | 'warn' | 'bad';
  readonly text: string;
  /** The step that it is about. */
  readonly step?: string;
  /** The first picture of what it tells of. */
  readonly picture?: Picture;
}

export interface EventPage {
  readonly offset: number;
  readonly lines: readonly EventLine[];
  /** Lines that pass the filter. */
  readonly total: number;
  /** Events of the run in all. */
  readonly events: number;
  /** The record is long and still being read: lines may miss the name of their step, and `changed` tells when they do not any more. */
  readonly reading?: true;
}

/** What is known of a step beside its values. */
export interface SpanFacts {
  /** Under the names of OpenTelemetry's conventions, in their order; values as texts. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** The attributes under which input and output are sent. */
  readonly inputName: string;
  readonly outputName: string;
  /** What the step itself used of a model; absent where it asked none. */
  readonly tokens?: { readonly input: number; readonly output: number; readonly cached?: number };
  /** US dollars; `unknown` where no price is known. */
  readonly cost?: { readonly usd: number; readonly mark: Mark };
  /** A file of the workspace that it is about. */
  readonly place?: SourceLocation;
}

/** Two runs that are compared. */
export interface RunPair {
  readonly a: string;
  readonly b: string;
}

/** Rows of two runs side by side. */
export interface ComparePage {
  readonly a: ComparedSide;
  readonly b: ComparedSide;
  readonly offset: number;
  readonly rows: readonly ComparedStep[];
  readonly total: number;
  /** Steps that differ in more than time and cost. */
  readonly different: number;
  readonly sameResult: boolean;
}

/** What the panel may ask about traces, and about the runs among which one is looked for. */
export interface TraceMethods {
  /** The first row after `from`, and then from the beginning, whose name begins with the text in any letter case. */
  'run.seek': Call<OfRun & { readonly fold: Fold; readonly filter?: string; readonly from: number; readonly text: string }, { readonly row?: number }>;
  'run.facts': Call<OfRun & { readonly span: string }, SpanFacts>;
  /** Lines in the order of the journal, `limit` of them from `offset`. Every word of the filter must occur. */
  'run.events': Call<OfRun & { readonly offset: number; readonly limit: number; readonly filter?: string }, EventPage>;
  /** Gives the tags that it has then. */
  'run.tag': Call<OfRun & { readonly add: readonly string[]; readonly remove: readonly string[] }, { readonly tags: readonly string[] }>;
  'history.facets': Call<Record<string, never>, RunFacets>;
  /** Conversations, the one with the newest run first. */
  'history.sessions': Call<{ readonly query: string; readonly after?: string; readonly limit: number }, Page<SessionSummary>>;
  'runs.compare': Call<RunPair & { readonly offset: number; readonly limit: number; readonly onlyDifferent: boolean }, ComparePage>;
  /** The results of both, pretty-printed, with what is different. */
  'runs.compareResults': Call<RunPair, FileDiff>;
}

export interface TraceEvents {
  /** A person asked to see these two runs side by side. */
  'compare': RunPair;
}
