import type { Action } from '../policy/action.ts';
import type { AssassinError } from '../shared/errors.ts';

/** What a page has to know of the way out of its browser. */
export interface PageEgress {
  /** Lets through exactly this action from now on: a person was asked and said yes. */
  approve(action: Action): void;
  /** Whether an answer with this header came from the proxy and not from the site. */
  isOwnAnswer(header: string | undefined): boolean;
  /** Why a page of this URL could not be had, as far as is known. */
  failureOf(url: URL): AssassinError | undefined;
}

/** Of a browser on another machine: nothing stands in between. */
export const openEgress: PageEgress = { approve: () => undefined, isOwnAnswer: () => false, failureOf: () => undefined };
