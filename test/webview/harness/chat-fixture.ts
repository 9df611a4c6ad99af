import { historyOf } from './history.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { taskTest, type TaskTest } from '../../helpers/tasks.ts';
import type { Script } from '../../fixtures/models/scripted-server.ts';
import { PanelFixture } from './fixture.ts';
import type { PanelPage, PanelPageOptions } from './panel-page.ts';
import { tasksOf } from './tasks.ts';

/** What takes a moment, on a busy machine. */
const aimMs = 12_000;

/** The page in a real browser, over a whole runtime whose model says what a script says. */
export class ChatFixture implements AsyncDisposable {
  readonly #fixture: PanelFixture;
  readonly #sandbox: SandboxFiles;

  static async create(): Promise<ChatFixture> {
    const [fixture, sandbox] = await Promise.all([PanelFixture.create(), buildSandboxFiles()]);
    return new ChatFixture(fixture, sandbox);
  }

  private constructor(fixture: PanelFixture, sandbox: SandboxFiles) {
    this.#fixture = fixture;
    this.#sandbox = sandbox;
  }

  async open(files: Readonly<Record<string, string>>, script: Script, options: Partial<PanelPageOptions> & { readonly tokens?: number } = {}): Promise<Chat> {
    const task = await taskTest(this.#sandbox, files, script);
    const tasks = tasksOf(task.runtime, options.tokens);
    const pageOptions: Partial<PanelPageOptions> = {
      history: historyOf(task.runtime.store), workspace: task.runtime.workspace, tasks,
      actions: {
        isLive: (run) => task.runtime.runs.live.some(({ id }) => id === run),
        cancel: (run, reason) => task.runtime.runs.cancel(run, reason),
        again: async (run) => (await task.runtime.tasks.again(run)).id,
      },
      ...options,
    };
    const panel = await this.#fixture.open(pageOptions);
    return new Chat(task, panel, tasks, (more) => this.#fixture.open({ ...pageOptions, ...more }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#fixture[Symbol.asyncDispose]();
    this.#sandbox[Symbol.dispose]();
  }
}

/** One workspace with its runtime and its page, used as a person does. */
export class Chat implements AsyncDisposable {
  readonly task: TaskTest;
  readonly panel: PanelPage;
  readonly tasks: ReturnType<typeof tasksOf>;
  /** Another page on the same runtime. */
  readonly reopen: (options?: Partial<PanelPageOptions>) => Promise<PanelPage>;

  constructor(task: TaskTest, panel: PanelPage, tasks: ReturnType<typeof tasksOf>, reopen: Chat['reopen']) {
    this.task = task;
    this.panel = panel;
    this.tasks = tasks;
    this.reopen = reopen;
  }

  /** Types into the composer and sends it with the Enter key. */
  async say(text: string): Promise<void> {
    const { page } = this.panel;
    await page.waitForSelector('.composer-text');
    await page.focus('.composer-text');
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  }

  /** Waits until the part of the page says it. */
  async sees(selector: string, text: string, panel: PanelPage = this.panel): Promise<void> {
    await panel.page.waitForFunction((wanted, part) => [...document.querySelectorAll(wanted)].some((element) => element.textContent?.includes(part)), {}, selector, text).catch(async (cause: unknown) => {
      const page = await panel.page.$eval('body', (body) => body.innerText).catch(() => '');
      throw new Error(`No ${selector} says ${JSON.stringify(text)}. The page:\n${page.slice(0, 3000)}\n${panel.traffic.errors.join('\n')}`, { cause });
    });
  }

  /** Presses the button with this label, wherever it is. */
  async press(label: string, panel: PanelPage = this.panel): Promise<void> {
    // As with a person's first key or turn of the wheel, the page stops moving what waits into sight: else it may move between the aim and the click.
    await panel.page.keyboard.press('Shift');
    const button = panel.page.locator(`::-p-aria([name="${label}"][role="button"])`).setTimeout(aimMs);
    // An aim waits for the page to paint, which a page in the background does not do.
    await button.click().catch(() => panel.page.bringToFront().then(() => button.click())).catch(async (cause: unknown) => {
      throw new Error(`${JSON.stringify(label)} cannot be pressed: ${JSON.stringify(await panel.page.evaluate(aim, label))}`, { cause });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.panel[Symbol.asyncDispose]();
    await this.task[Symbol.asyncDispose]();
  }
}

/** In the page: what the buttons with this label do while one aims at them. */
async function aim(label: string): Promise<unknown> {
  const painted = () => new Promise((resolve) => {
    const timer = setTimeout(() => resolve('nothing is painted'), 1000);
    requestAnimationFrame((at) => {
      clearTimeout(timer);
      resolve(at);
    });
  });
  const look = () => [...document.querySelectorAll('button')].filter((button) => (button.ariaLabel ?? button.textContent).includes(label)).map((button) => ({ box: button.getBoundingClientRect(), disabled: button.disabled, seen: button.checkVisibility() }));
  return { state: document.visibilityState, focused: document.hasFocus(), looks: [look(), await painted(), look(), await painted(), look()] };
}
