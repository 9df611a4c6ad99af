export const mentionKinds = ['file', 'folder', 'selection', 'problems', 'diff', 'url', 'terminal', 'run'] as const;
export type MentionKind = (typeof mentionKinds)[number];

/** One thing that could be put in place of what is being typed. */
export interface MentionCandidate {
  /** Replaces the text between `from` and `to`; ends in ':' where more is to be typed, else in a space. */
  readonly insert: string;
  readonly label: string;
  /** One line; where it is not available, why. */
  readonly detail?: string;
  readonly kind: MentionKind;
  /** `false`: this door cannot give it. */
  readonly available: boolean;
}

/** `from` and `to` are UTF-16 offsets. No candidates: there is no mention at the cursor, or nothing fits it. */
export interface MentionCompletion {
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly MentionCandidate[];
}

/** One part of what the first request of a task carried. Tokens are estimates. */
export interface SentItem {
  readonly kind: MentionKind | 'instructions' | 'outline' | 'image';
  /** Where it is from: a path, an address, the id of a run. */
  readonly source: string;
  /** Sent. */
  readonly tokens: number;
  /** Of the whole. More than `tokens` where it was cut. */
  readonly ofTokens: number;
  /** Lines of the file, from 1, where only some were named. */
  readonly from?: number;
  readonly to?: number;
  /** Not with the first request, but when the task had come to where it holds. */
  readonly later?: true;
  /** Why it was left out. */
  readonly problem?: string;
}

export interface SentContext {
  readonly items: readonly SentItem[];
  readonly tokens: number;
  /** What it might have had, beside the task itself. */
  readonly budgetTokens: number;
}
