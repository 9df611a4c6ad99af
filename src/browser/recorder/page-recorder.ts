import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession, Frame, Protocol } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import { secretField } from '../../policy/secret-fields.ts';
import { selectorIn, selectorsOfFrames } from '../element-name.ts';
import { worldName } from '../isolated-world.ts';
import { worldOf } from '../page-frames.ts';
import { countRole } from '../page-roles.ts';
import type { PageSession } from '../page-session.ts';
import { readSnapshot } from '../snapshot-script.ts';
import { pointerHistory } from './pointer-history.ts';
import { recordActions, reportName, type RecordedPlace, type ReportedAction } from './record-script.ts';
import { saidOnPage } from './said-script.ts';

export interface PageRecorderListener {
  /** In the order in which they were done. */
  readonly acted: (action: ReportedAction, selector: string | undefined, to: string | undefined) => void;
  /** Its main frame shows something else; `byHand` where the person typed an address or went back. */
  readonly moved: (url: string, byHand: boolean) => unknown;
  readonly answered: (type: string, accepted: boolean, text: string) => void;
}

/** Longest wait for a page that is busy to hand over what was typed last, to say what it shows, or to be written down in the history. */
const lookMs = 5000;

/** Transitions of the browser's history that a person made with its own controls, and no page. */
const byHandTypes: ReadonlySet<string> = new Set(['typed', 'address_bar', 'auto_bookmark', 'generated', 'keyword', 'keyword_generated']);

/** Tells what a person does in one page, frames of other sites included. */
export class PageRecorder {
  readonly #session: PageSession;
  readonly #listener: PageRecorderListener;
  readonly #clients = new Set<CDPSession>();
  /** Which frame a world of ours belongs to, by its number and the connection that numbers it. */
  readonly #worlds = new Map<CDPSession, Map<number, string>>();
  /** What is told comes one after the other, whatever has to be asked for it. */
  #told: Promise<void> = Promise.resolve();
  /** The entries of the window's history that were shown so far, and the one that is shown, by their numbers. */
  readonly #visited = new Set<number>();
  #entry: number | undefined;
  #url = '';

  static async attach(session: PageSession, listener: PageRecorderListener): Promise<PageRecorder> {
    const recorder = new PageRecorder(session, listener);
    await recorder.#listen();
    return recorder;
  }

  private constructor(session: PageSession, listener: PageRecorderListener) {
    this.#session = session;
    this.#listener = listener;
  }

  /** Resolves when all is told that was done until now, also what stands half-written in a field. */
  async settle(): Promise<void> {
    const session = this.#session;
    const flush = (frames: readonly Frame[]) => worldOf(session, frames).call(() => (globalThis as typeof globalThis & { iaRecording?: () => void }).iaRecording?.());
    await withinLook(Promise.allSettled([flush([]), ...session.page.frames().filter((frame) => frame !== session.page.mainFrame()).map((frame) => flush([frame]))]));
    // What the pages have just said is on its way before the answers to these questions.
    await this.settled();
  }

  /** Resolves when all is told that was reported. */
  async settled(): Promise<void> {
    await withinLook(this.#told);
  }

  /** The short texts by which the page says what it shows; `undefined` where it does not answer. */
  async said(): Promise<readonly string[] | undefined> {
    return withinLook(this.#session.world.call(saidOnPage).catch(() => undefined));
  }

  async #listen(): Promise<void> {
    const { client, page } = this.#session;
    client.on('Page.frameNavigated', ({ frame }) => frame.parentId === undefined && !frame.url.startsWith('chrome-error:') && this.#tell(() => this.#moved(frame.url)));
    client.on('Page.navigatedWithinDocument', ({ frameId, url }) => frameId === page.mainFrame()._id && this.#tell(() => this.#moved(url)));
    let type = '';
    client.on('Page.javascriptDialogOpening', (dialog) => (type = dialog.type));
    client.on('Page.javascriptDialogClosed', ({ result, userInput }) => {
      const closed = type;
      this.#tell(() => Promise.resolve(this.#listener.answered(closed, result, userInput)));
    });
    await client.send('Page.enable');
    await this.#inject(client);
    const { currentIndex, entries } = await client.send('Page.getNavigationHistory');
    this.#shows(entries[currentIndex]);
    // Frames of other sites have processes, and connections, of their own.
    page.on('frameattached', (frame) => void this.#reach(frame));
    page.on('framenavigated', (frame) => void this.#reach(frame));
    for (const frame of page.frames()) await this.#reach(frame);
  }

  async #reach(frame: Frame): Promise<void> {
    const { client } = frame;
    if (frame === this.#session.page.mainFrame() || client === this.#session.page.mainFrame().client || this.#clients.has(client)) return;
    await this.#inject(client).catch(() => undefined);
  }

  async #inject(client: CDPSession): Promise<void> {
    this.#clients.add(client);
    const worlds = new Map<number, string>();
    this.#worlds.set(client, worlds);
    client.on('Runtime.executionContextCreated', ({ context }) => {
      const frame: unknown = context.auxData?.['frameId'];
      if (context.name === worldName && typeof frame === 'string') worlds.set(context.id, frame);
    });
    client.on('Runtime.bindingCalled', (call) => call.name === reportName && this.#reported(client, call));
    await client.send('Runtime.enable');
    await client.send('Runtime.addBinding', { name: reportName, executionContextName: worldName });
    const source = `(${recordActions.toString()})(${readSnapshot.toString()}, ${selectorIn.toString()}, ${saidOnPage.toString()}, ${pointerHistory.toString()}, ${JSON.stringify(secretField.source)})`;
    await client.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName, runImmediately: true });
  }

  #reported(client: CDPSession, { payload, executionContextId }: Protocol.Runtime.BindingCalledEvent): void {
    const action = JSON.parse(payload) as ReportedAction;
    const frameId = this.#worlds.get(client)?.get(executionContextId);
    const frames = this.#framesTo(frameId);
    // Asked for at once: a click may take its own frame away.
    const around = frames.length === 0 ? Promise.resolve([]) : selectorsOfFrames(this.#session, frames).catch(() => []);
    this.#tell(async () => {
      if (frames.length === 0 && plain(action.url) !== this.#url) {
        // The page that is shown has told of itself sooner than the news of it came; one that is being left tells its last things late.
        if (await this.#isShown(action.url)) await this.#moved(action.url);
        else if (action.action === 'seen') return;
      }
      const inside = await around;
      const selector = async (place: RecordedPlace | undefined) => (place === undefined ? undefined : this.#selectorOf(place, inside));
      this.#listener.acted(action, await selector(action.place), 'to' in action ? await selector(action.to) : undefined);
    });
  }

  /** By role and name where that is one thing in the whole page, else by the way through its frames. */
  async #selectorOf({ role, css }: RecordedPlace, inside: readonly string[]): Promise<string> {
    const path = [...inside, css].join(' >>> ');
    if (role === undefined) return path;
    const named = `role=${role.role} ${JSON.stringify(role.name)}`;
    const alone = this.#session.page.frames().length === 1;
    if (alone) return role.of === 1 ? named : `${named} ${role.nth}`;
    // Numbers count through all frames, which a frame knows nothing of.
    return role.of === 1 && (await withinLook(countRole(this.#session, role).catch(() => 0))) === 1 ? named : path;
  }

  #framesTo(id: string | undefined): readonly Frame[] {
    const { page } = this.#session;
    const path: Frame[] = [];
    for (let at: Frame | null | undefined = page.frames().find((frame) => frame._id === id); at && at !== page.mainFrame(); at = at.parentFrame()) path.unshift(at);
    return path;
  }

  async #moved(url: string): Promise<void> {
    const { currentIndex, entries } = await this.#historyAt(url);
    const entry = entries[currentIndex];
    // A page that was shown before is gone back to; what pages lead to is an entry of another kind than what is typed.
    const byHand = entry !== undefined && entry.id !== this.#entry && (this.#visited.has(entry.id) || byHandTypes.has(entry.transitionType));
    this.#shows(entry);
    this.#listener.moved(byHand ? entry.url : url, byHand);
  }

  #shows(entry: Protocol.Page.NavigationEntry | undefined): void {
    if (entry === undefined) return;
    this.#visited.add(entry.id);
    this.#entry = entry.id;
    this.#url = plain(entry.url);
  }

  async #isShown(url: string): Promise<boolean> {
    const { currentIndex, entries } = await this.#session.client.send('Page.getNavigationHistory');
    return plain(entries[currentIndex]?.url ?? '') === plain(url);
  }

  /** The history as it is when it knows of the address that is shown: the page may tell of that sooner than the browser has written it down. */
  async #historyAt(url: string): Promise<Protocol.Page.GetNavigationHistoryResponse> {
    for (const until = performance.now() + lookMs; ; await sleep(20)) {
      const history = await this.#session.client.send('Page.getNavigationHistory');
      if (plain(history.entries[history.currentIndex]?.url ?? '') === plain(url) || performance.now() > until) return history;
    }
  }

  #tell(work: () => Promise<void>): void {
    // A page that is going away no longer answers; what it has told is told.
    this.#told = this.#told.then(work).catch(() => undefined);
  }
}

/** Without what only scrolls the page. */
const plain = (url: string): string => url.split('#', 1)[0]!;

async function withinLook<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), lookMs)));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
