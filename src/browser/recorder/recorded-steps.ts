import { hiddenValue } from '../../policy/secret-fields.ts';
import type { JsonObject } from '../../shared/json.ts';
import type { ReportedAction } from './record-script.ts';

/** One call of a page tool that does what a person has done. */
export interface RecordedStep {
  readonly tool: string;
  readonly input: JsonObject;
  readonly output: JsonObject;
}

interface Waiting {
  readonly page: string;
  readonly tool: string;
  readonly input: JsonObject;
  /** What the page said just before. */
  readonly said: readonly string[];
  /** Whether it was a click into a field, which is part of typing there. */
  readonly field: boolean;
  arrived?: string;
  answer?: JsonObject;
}

/**
 * Makes calls of page tools from what is reported. The last one waits until the next: only then is known where it led, how its dialog was answered, and that it
 * was not the beginning of a double click.
 */
export class RecordedSteps {
  readonly #done: (step: RecordedStep) => void;
  #last: Waiting | undefined;
  /** How the dialogs of each page are answered from then on. */
  readonly #answers = new Map<string, string>();
  readonly #typed = new Set<string>();
  /** What each page says now, and what it said before the last action. */
  readonly #said = new Map<string, readonly string[]>();
  #before: readonly string[] = [];
  #page: string | undefined;

  constructor(done: (step: RecordedStep) => void) {
    this.#done = done;
  }

  opened(page: string, url: string): void {
    this.#done({ tool: 'browser.open', input: { url }, output: { page, url: bare(url) } });
    this.#page = page;
  }

  /** A window that a page has opened by itself. */
  popup(page: string, opener: string, url: string): void {
    this.flush();
    this.#done({ tool: 'page.popup', input: { page: opener }, output: { page, url: bare(url) } });
  }

  acted(page: string, action: ReportedAction, selector: string | undefined, to: string | undefined): void {
    this.seen(page, action.said);
    const call = callOf(action, selector, to);
    if (call === undefined) return;
    const last = this.#last;
    const same = last?.page === page && last.input['selector'] === selector && selector !== undefined;
    if (same && last.tool === 'page.click' && (last.field ? call.tool === 'page.type' || call.tool === 'page.fill' : call.tool === 'page.click' && call.input['count'] === 2)) this.#last = undefined;
    else this.flush();
    if (action.action === 'type' && !action.secret) this.#typed.add(action.text);
    this.#last = { page, tool: call.tool, input: { page, ...call.input }, said: action.said, field: action.action === 'click' && action.field };
  }

  /** The page shows another address: because of what was done last, or (`byHand`) of an address that was typed. */
  moved(page: string, url: string, byHand: boolean): void {
    if (byHand) {
      this.flush();
      this.#done({ tool: 'page.goto', input: { page, url }, output: { url: bare(url) } });
      this.#page = page;
      this.#before = [];
      return;
    }
    if (this.#last?.page === page) this.#last.arrived = bare(url);
  }

  /** What a page says now; after a navigation nothing, until it does. */
  seen(page: string, said: readonly string[]): void {
    this.#said.set(page, said);
  }

  answered(page: string, type: string, accept: boolean, text: string): void {
    if (type !== 'confirm' && type !== 'prompt') return;
    const answer = { accept, ...(type === 'prompt' && accept ? { text } : {}) };
    const known = this.#answers.get(page) ?? JSON.stringify({ accept: false });
    this.#answers.set(page, JSON.stringify(answer));
    if (known === JSON.stringify(answer)) return;
    // It was shown by what was done last, and has to be known before that is done again.
    if (this.#last?.page === page) this.#last.answer = answer;
    else this.#done({ tool: 'page.dialogs', input: { page, ...answer }, output: {} });
  }

  flush(): void {
    if (this.#last === undefined) return;
    const { page, tool, input, said, arrived, answer } = this.#last;
    this.#last = undefined;
    if (answer !== undefined) this.#done({ tool: 'page.dialogs', input: { page, ...answer }, output: {} });
    this.#done({ tool, input, output: arrived === undefined ? {} : { url: arrived, navigated: true } });
    this.#page = page;
    this.#before = said;
  }

  /** The end: what the page says now, and did not say before the last action, is what a replay has to find too. */
  finish(): void {
    this.flush();
    const page = this.#page;
    const now = page === undefined ? [] : (this.#said.get(page) ?? []);
    const lasting = (text: string) => !/\d/.test(text) && ![...this.#typed].some((typed) => typed !== '' && text.includes(typed));
    const text = now.filter((each) => !this.#before.includes(each)).find(lasting) ?? now.find(lasting);
    if (page !== undefined && text !== undefined) this.#done({ tool: 'page.waitFor', input: { page, text }, output: {} });
  }
}

function callOf(action: ReportedAction, selector: string | undefined, to: string | undefined): { readonly tool: string; readonly input: JsonObject } | undefined {
  const on: JsonObject = selector === undefined ? {} : { selector };
  if (action.action !== 'press' && action.action !== 'scroll' && selector === undefined) return undefined;
  switch (action.action) {
    case 'seen':
      return undefined;
    case 'click': {
      const { button, count, modifiers } = action;
      return { tool: 'page.click', input: { ...on, ...(button === 'left' ? {} : { button }), ...(count === 1 ? {} : { count }), ...(modifiers.length === 0 ? {} : { modifiers: [...modifiers] }) } };
    }
    case 'drag':
      return { tool: 'page.drag', input: { ...on, ...('dx' in action ? { dx: action.dx, dy: action.dy } : { to: to ?? '' }) } };
    case 'hover':
      return { tool: 'page.hover', input: on };
    case 'scroll':
      return to === undefined ? undefined : { tool: 'page.scroll', input: { ...on, ...(action.dx === 0 ? { dy: action.dy } : { dx: action.dx }), until: to } };
    case 'type':
      return { tool: 'page.type', input: { ...on, text: action.secret ? hiddenValue : action.text, ...(action.clear ? { clear: true } : {}) } };
    case 'fill':
      return { tool: 'page.fill', input: { ...on, value: action.value } };
    case 'select':
      return { tool: 'page.select', input: { ...on, values: action.values.length === 1 ? action.values[0]! : [...action.values] } };
    case 'press':
      return { tool: 'page.press', input: { ...on, key: action.key } };
    case 'upload':
      return action.files.length === 0 ? undefined : { tool: 'page.upload', input: { ...on, files: [...action.files] } };
  }
}

/** Without its query: a form sends there what was typed, passwords as well. */
function bare(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? url : `${parsed.origin}${parsed.pathname}`;
}
