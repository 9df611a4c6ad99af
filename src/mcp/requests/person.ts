import type { JsonObject } from '../../shared/json.ts';
import type { FormField } from './form-fields.ts';

interface FromServer {
  /** The configured name of the server: what it calls itself is its own claim. */
  readonly server: string;
  /** What the person knows the run by, where the question came in one. */
  readonly run?: string;
  /** Aborts when the question needs no answer any more. */
  readonly signal: AbortSignal;
}

/** Values that a server asks the person for. */
export interface FormRequest extends FromServer {
  /** The server's own words. */
  readonly message: string;
  readonly fields: readonly FormField[];
}

/** Values by field. `decline`: the person said no; `cancel`: they said nothing. */
export type FormAnswer = { readonly action: 'accept'; readonly content: JsonObject } | { readonly action: 'decline' | 'cancel' };

/** An address that a server wants the person to open. Nothing has been fetched from it. */
export interface VisitRequest extends FromServer {
  readonly message: string;
  /** Whole, with everything that could deceive spelled out. */
  readonly url: string;
  /** The part that decides who gets to see what the person types there. */
  readonly domain: string;
  /** Sentences about what is suspicious in the address; empty where nothing is. */
  readonly warnings: readonly string[];
}

/** A question that a server wants to put to the person's model. */
export interface SamplingReview extends FromServer {
  readonly model: string;
  readonly system?: string;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  readonly tools: readonly string[];
  readonly maxTokens: number;
}

/** The person, as MCP servers may reach them: a dialog of the editor, a terminal. */
export interface McpPerson {
  /** Views of servers can be shown. */
  readonly showsViews?: boolean;
  /** False where nobody is there: then everything is answered with cancel. */
  readonly canAsk: boolean;
  form(request: FormRequest): Promise<FormAnswer>;
  /** Shows the address and asks; opens it outside of this program where the person agrees. */
  visit(request: VisitRequest): Promise<FormAnswer['action']>;
  /** Shows the whole question to the model and asks whether it may be put. */
  review(request: SamplingReview): Promise<boolean>;
}
