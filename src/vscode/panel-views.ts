import { AssassinError } from '../shared/errors.ts';
import type { PanelEvents } from '../shared/protocol.ts';
import { viewLimits, type OfStep, type OpenedView, type ViewEvents, type ViewMethods } from '../shared/protocol-views.ts';
import type { Handlers } from '../shared/rpc.ts';
import type { AppHost } from '../mcp/apps/app-host.ts';
import type { PanelMcpViews } from './panel-ports.ts';

export interface PanelViewsOptions {
  readonly views?: PanelMcpViews;
  readonly tell: <E extends keyof ViewEvents>(event: E, data: PanelEvents[E]) => void;
}

/** The views that run in frames of one page: each with a host of its own, which answers it through the gate until the page closes it. */
export class PanelViews implements Disposable {
  readonly #options: PanelViewsOptions;
  /** The oldest first. */
  readonly #open = new Map<string, AppHost>();
  /** Counts pages: a view that was still being read for the one before is not shown in the next. */
  #page = 0;
  #last = 0;

  constructor(options: PanelViewsOptions) {
    this.#options = options;
  }

  get handlers(): Pick<Handlers, keyof ViewMethods> {
    return {
      'view.declared': async ({ tools }) => (await this.#options.views?.declared(tools)) ?? { tools: [], icons: {} },
      'view.open': (step) => this.#start(step),
      'view.say': ({ view, message }) => {
        this.#open.get(view)?.receive(message);
        return null;
      },
      'view.close': ({ view }) => {
        this.#close(view);
        return null;
      },
      'view.tab': async (step) => {
        await this.#views().openTab(step);
        return null;
      },
    };
  }

  closeAll(): void {
    this.#page += 1;
    for (const view of this.#open.keys()) this.#close(view);
  }

  [Symbol.dispose](): void {
    this.closeAll();
  }

  async #start(step: OfStep): Promise<OpenedView> {
    const page = this.#page;
    const { tell } = this.#options;
    const { title, from, html, ...rest } = await this.#views().open(step);
    if (html.length > viewLimits.htmlCharacters) throw new AssassinError('invalid-output', `The view has ${html.length} characters; ${viewLimits.htmlCharacters} are the most that is shown.`, { hint: 'Tell the author of the server.' });
    const view = `view-${(this.#last += 1)}`;
    const { AppHost } = await import('../mcp/apps/app-host.ts');
    const host = await AppHost.open({
      ...rest,
      post: (message) => tell('viewSaid', { view, message }),
      cutOff: (detail) => this.#end(view, 'cutOff', detail),
    });
    if (page !== this.#page) {
      void host[Symbol.asyncDispose]();
      throw new AssassinError('cancelled', 'The panel was closed.');
    }
    this.#open.set(view, host);
    for (const oldest of [...this.#open.keys()].slice(0, -viewLimits.awake)) this.#end(oldest, 'asleep', '');
    return { view, title, from, html };
  }

  #end(view: string, why: ViewEvents['viewEnded']['why'], detail: string): void {
    this.#close(view);
    this.#options.tell('viewEnded', { view, why, detail });
  }

  #close(view: string): void {
    const host = this.#open.get(view);
    this.#open.delete(view);
    void host?.[Symbol.asyncDispose]();
  }

  #views(): PanelMcpViews {
    const { views } = this.#options;
    if (views === undefined) throw new AssassinError('not-supported', 'Views are not shown here.', { hint: 'Open the panel in the editor.' });
    return views;
  }
}
