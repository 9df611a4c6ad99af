import type { Call, OfRun } from './protocol-chat.ts';

/** What views of MCP servers are held to. */
export const viewLimits = {
  /** One message of a view may be this long, in characters of its JSON. */
  messageCharacters: 1024 * 1024,
  /** A view that sends more than so many messages in a second is cut off. */
  messagesPerSecond: 200,
  /** What a server may write as one view. */
  htmlCharacters: 8 * 1024 * 1024,
  /** Views of one page of the panel that run at the same time; the oldest falls asleep for another one. */
  awake: 3,
  /** How tall a view may make itself in the panel, in CSS pixels. */
  height: { least: 80, most: 640 },
} as const;

/** A step of a run, whose tool has a view. */
export interface OfStep extends OfRun {
  readonly step: string;
}

/** What tools of MCP servers bring along to be shown with. */
export interface DeclaredLooks {
  /** Those that have a view. */
  readonly tools: readonly string[];
  /** Pictures by the name of the tool: data addresses of checked pictures, never an address of somebody. */
  readonly icons: Readonly<Record<string, string>>;
}

/** A view that runs in a frame of the page until it is closed. */
export interface OpenedView {
  readonly view: string;
  readonly title: string;
  /** Whose it is, in a sentence. */
  readonly from: string;
  /** What its server wrote. */
  readonly html: string;
}

/** What the panel may ask about views of MCP servers. */
export interface ViewMethods {
  /** How these tools are shown, as far as that is known without starting a server. */
  'view.declared': Call<{ readonly tools: readonly string[] }, DeclaredLooks>;
  /** Reads the view of a recorded call, as a run of its own. */
  'view.open': Call<OfStep, OpenedView>;
  /** What the frame said: a stranger's message, of any shape. */
  'view.say': Call<{ readonly view: string; readonly message: unknown }, null>;
  'view.close': Call<{ readonly view: string }, null>;
  /** Shows it in a tab of its own. */
  'view.tab': Call<OfStep, null>;
}

export interface ViewEvents {
  /** For the frame. */
  'viewSaid': { readonly view: string; readonly message: unknown };
  /** It is not listened to any more: others were opened since, or it was cut off for what `detail` says. */
  'viewEnded': { readonly view: string; readonly why: 'asleep' | 'cutOff'; readonly detail: string };
}
