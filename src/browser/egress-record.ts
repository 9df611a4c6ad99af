import { describeAction, type NetAction } from '../policy/action.ts';
import type { RunScope } from '../run/run-scope.ts';
import type { AssassinError } from '../shared/errors.ts';
import type { EventOf } from '../shared/events.ts';
import { isBrowserBackground } from './browser-background.ts';

/** Pairs of target and initiator that get a journal entry of their own. A page can make up names without end; the counts go on. */
const maxJournalled = 100;
const maxRemembered = 1000;

export interface RefusedConnection {
  readonly action: NetAction;
  readonly error: AssassinError;
  /** The origin whose page asked, where a plain request said so. */
  readonly initiator: string | undefined;
}

/** What the proxy of one run refused: on record once per target and initiator, counted always. */
export class EgressRecord {
  readonly #scope: RunScope;
  readonly #log: (message: string) => void;
  readonly #journalled = new Set<string>();
  readonly #failures = new Map<string, AssassinError>();
  readonly #usedUp = new Map<string, AssassinError>();
  readonly #hosts = new Map<string, { requests: number; received: number; sent: number }>();
  readonly #refused = new Map<string, { attempts: number; readonly reason: string }>();
  #blocked = 0;
  #background = 0;

  constructor(scope: RunScope, log: (message: string) => void) {
    this.#scope = scope;
    this.#log = log;
  }

  /** Refused requests of pages. */
  get blocked(): number {
    return this.#blocked;
  }

  /** Refused requests of the browser's own. */
  get background(): number {
    return this.#background;
  }

  refused({ action, error, initiator }: RefusedConnection): void {
    this.failed(action, error);
    if (isBrowserBackground(action.host)) {
      this.#background += 1;
      this.#log(`Browser background: ${describeAction(action)} was refused.`);
      return;
    }
    this.#blocked += 1;
    const refused = this.#refused.get(describeAction(action));
    if (refused) refused.attempts += 1;
    else if (this.#refused.size < maxJournalled) this.#refused.set(describeAction(action), { attempts: 1, reason: error.message });
    const key = `${describeAction(action)} ${initiator ?? ''}`;
    if (this.#journalled.has(key) || this.#journalled.size >= maxJournalled) return;
    this.#journalled.add(key);
    const who = initiator === undefined ? 'The browser' : `A page of ${initiator}`;
    const more = this.#journalled.size === maxJournalled ? ' Further hosts are only counted.' : '';
    this.#scope.journal.append({ type: 'decision', action: describeAction(action), effect: 'deny', outcome: 'denied', reason: `${who} asked for it. ${error.message}${more}` });
  }

  /** A connection was ended in the middle because its grant is used up: on record once for each place. */
  cut(action: NetAction, error: AssassinError): void {
    const place = `${action.host}:${action.port}`;
    this.failed(action, error);
    if (this.#usedUp.has(place) || this.#usedUp.size >= maxRemembered) return;
    this.#usedUp.set(place, error);
    this.#scope.journal.append({ type: 'decision', action: describeAction(action), effect: 'deny', outcome: 'denied', reason: error.message });
  }

  /** Why a place that could be reached before can be reached no more. */
  usedUp(action: NetAction): AssassinError | undefined {
    return this.#usedUp.get(`${action.host}:${action.port}`);
  }

  /** A connection that was allowed and did not come about, or one that was refused: whoever opens a page is told why. */
  failed(action: NetAction, error: AssassinError): void {
    if (this.#failures.size < maxRemembered) this.#failures.set(`${action.host}:${action.port}`, error);
  }

  /** Why the last attempt to reach this host and port came to nothing. */
  failureOf(action: NetAction): AssassinError | undefined {
    return this.#failures.get(`${action.host}:${action.port}`);
  }

  succeeded(action: NetAction): void {
    this.#traffic(action).requests += 1;
    this.#failures.delete(`${action.host}:${action.port}`);
  }

  passed(action: NetAction, received: number, sent: number): void {
    const traffic = this.#traffic(action);
    traffic.received += received;
    traffic.sent += sent;
  }

  /** What was reached and what was not, the largest first. */
  get summary(): Pick<EventOf<'egress.used'>, 'hosts' | 'refused'> {
    return {
      hosts: [...this.#hosts].map(([host, traffic]) => ({ host, ...traffic })).toSorted((a, b) => b.received + b.sent - a.received - a.sent),
      refused: [...this.#refused].map(([action, refused]) => ({ action, ...refused })).toSorted((a, b) => b.attempts - a.attempts),
    };
  }

  #traffic({ host, port }: NetAction): { requests: number; received: number; sent: number } {
    // Names that a wildcard covers can be made up without end; what they use together is told all the same.
    const key = this.#hosts.size < maxRemembered || this.#hosts.has(`${host}:${port}`) ? `${host}:${port}` : 'others';
    let traffic = this.#hosts.get(key);
    if (traffic === undefined) this.#hosts.set(key, (traffic = { requests: 0, received: 0, sent: 0 }));
    return traffic;
  }
}
