import type { SourceLocation } from './errors.ts';
import type { FileDiff } from './file-diff.ts';

/** Text of strangers that a run has read. What the run does afterwards may be what that text asked for. */
export interface UntrustedSource {
  readonly kind: 'web' | 'mcp' | 'file' | 'command' | 'run';
  /** What a person knows it by: an origin, `server:tool`, a path, a command, the id of a run. */
  readonly source: string;
  /** The step that read it first. */
  readonly step?: string;
}

/** Why a person is asked: a rule says so, nothing names the action, or the run has read untrusted text and this could be its doing. */
export interface ApprovalWhy {
  readonly cause: 'rule' | 'unlisted' | 'untrusted';
  /** One plain sentence. */
  readonly text: string;
  /** The rule or broad grant that asks or does not suffice, as it is written. */
  readonly rule?: string;
  /** Where that is written, in words: a file with a line, or the name of the setting. */
  readonly origin?: string;
  /** The same as a place to open, where it is a file. */
  readonly place?: SourceLocation;
}

/** A standing answer that is offered, with what it would allow. */
export interface ApprovalOffer {
  readonly scope: 'run' | 'workspace';
  /** The exact text of the rule that this answer makes. */
  readonly grant: string;
  /** What it allows and for how long, as a plain sentence. */
  readonly sentence: string;
  /** Actions of this run so far, this one first, that it covers; at most five. */
  readonly examples: readonly string[];
}

/** One open question to the person, as every door shows it. Plain data: it crosses to the panel as it stands. */
export interface Approval {
  readonly id: string;
  readonly run: string;
  /** What the person knows the run by. */
  readonly title: string;
  /** The exact, resolved action, with invisible characters spelled out. Show it whole. */
  readonly text: string;
  /** `why.text`, for doors with one line. */
  readonly reason: string;
  readonly why: ApprovalWhy;
  /** What would be changed in the file, as far as that can be told. The file may be another one by the time it is written. */
  readonly change?: FileDiff;
  readonly origin: { readonly agent?: string; readonly tool?: string; readonly step?: string };
  /** Newest last; empty where the run has read nothing untrusted. */
  readonly untrusted: readonly UntrustedSource[];
  /** Beside "once", which is always offered. Narrowest first; empty where only "once" is possible. */
  readonly offers: readonly ApprovalOffer[];
  /** Equal calls of the run that wait for this one answer. */
  readonly waiting: number;
  /** Milliseconds since 1970. */
  readonly askedAt: number;
  /** Without an answer by then it counts as no. */
  readonly deadline: number;
}

export type ApprovalAnswer =
  /** The calls that wait now go on; the next one is asked about again. */
  | { readonly answer: 'once' }
  /** Must be one of the offers, word for word. */
  | { readonly answer: 'run' | 'workspace'; readonly grant: string }
  /** The reason is told to the model or the chain; at most 500 characters of it. */
  | { readonly answer: 'deny'; readonly reason?: string };

export type ApprovalChange =
  | { readonly type: 'asked' | 'changed'; readonly approval: Approval }
  /** It needs no answer any more: answered somewhere, out of time, or its run has ended. */
  | { readonly type: 'closed'; readonly id: string; readonly run: string; readonly how: 'answered' | 'timeout' | 'ended' };

/** A standing decision of the person for one workspace, as it is listed and revoked. */
export interface WorkspaceDecision {
  readonly id: string;
  readonly grant: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The run that asked, and what it asked for. */
  readonly run: string;
  readonly action: string;
}
