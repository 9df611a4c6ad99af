import type { Page } from 'puppeteer-core/internal/puppeteer-core-browser.js';

export interface SeenDialog {
  readonly type: string;
  readonly message: string;
  readonly accepted: boolean;
}

export interface DialogAnswer {
  readonly accept: boolean;
  /** What is put into a `prompt`; its own default where absent. */
  readonly text?: string;
}

/** Dialogs that are remembered; a page may show them without end. */
const kept = 100;

/** What Chromium says where a dialog opened while the next document was about to take the place of the one that asks: nobody can answer that one. */
const unanswerable = 'Not attached to an active page';

export interface PageDialogsOptions {
  readonly log: (text: string) => void;
  /** Somebody sees the page and answers by himself. */
  readonly byPerson?: boolean;
  /** A dialog that nobody can answer holds up where the page is going. */
  readonly onHeld: () => void;
}

/** Answers the dialogs of a page: one stops it until somebody does. */
export class PageDialogs {
  readonly #seen: SeenDialog[] = [];
  /** `undefined`: alerts are closed, leaving is not refused, and everything else is declined. */
  #answer: DialogAnswer | undefined;

  constructor(page: Page, { log, byPerson = false, onHeld }: PageDialogsOptions) {
    page.on('dialog', (dialog) => {
      if (byPerson) return;
      const type = dialog.type();
      const accepted = type === 'beforeunload' || type === 'alert' || (this.#answer?.accept ?? false);
      const message = dialog.message().slice(0, 2000);
      log(`${type}: ${message.slice(0, 200)}`);
      this.#seen.push({ type, message, accepted });
      if (this.#seen.length > kept) this.#seen.shift();
      const answer = accepted ? dialog.accept(type === 'prompt' ? (this.#answer?.text ?? dialog.defaultValue()) : undefined) : dialog.dismiss();
      // Any other answer comes too late for a dialog that went with its page.
      answer.catch((error: unknown) => error instanceof Error && error.message.includes(unanswerable) && onHeld());
    });
  }

  answerWith(answer: DialogAnswer): void {
    this.#answer = answer;
  }

  get seen(): readonly SeenDialog[] {
    return this.#seen;
  }
}
