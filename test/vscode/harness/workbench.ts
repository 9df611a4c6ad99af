import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ElementHandle, type Page } from 'puppeteer-core';
import { inRoot, productEnv, productNode } from '../../../scripts/lib/paths.mjs';
import { runCommand } from '../../../scripts/lib/run.mjs';
import { clickSteady, labelOf } from './mouse.ts';
import { outDir } from './session.ts';

const quickInput = '.quick-input-widget';
const longText = 200;

/** What a person would see within a second or two may take so long where two editors share two busy processors. */
export const patienceMs = 40_000;

/** Waits until `read` gives a value; on time-out the last error or the question itself says what was missing. */
export async function eventually<T>(what: string, read: () => Promise<T | undefined | false>, timeoutMs = patienceMs): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const value = await read();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what}${lastError instanceof Error ? ` (${lastError.message})` : ''}`, { cause: lastError });
    await sleep(100);
  }
}

/** Whether the row below stands deeper in the tree. Rows are placed by their number, in no order of their own. */
function hasChild(row: Element): boolean {
  const below = row.parentElement?.querySelector(`[data-index="${Number(row.getAttribute('data-index')) + 1}"]`);
  return row.getAttribute('aria-expanded') === 'true' && Number(below?.getAttribute('aria-level')) > Number(row.getAttribute('aria-level'));
}

/** Drives the workbench as a person does: keys, clicks, and reading what is on the screen. */
export class Workbench {
  readonly page: Page;
  /** The open folder on disk. */
  readonly folder: string;
  #settings = 0;
  #inFolder = true;

  constructor(page: Page, folder: string) {
    this.page = page;
    this.folder = folder;
  }

  /** Waits for the window, its folder, and our extension's command in the palette: extensions are read after the window is drawn. */
  async ready(command?: string, { folder = true }: { readonly folder?: boolean } = {}): Promise<void> {
    this.#inFolder = folder;
    await this.page.waitForSelector('.monaco-workbench .statusbar', { timeout: 2 * patienceMs });
    if (folder) await this.page.waitForSelector('.explorer-folders-view .monaco-list-row', { timeout: 2 * patienceMs });
    if (command !== undefined) await this.#paletteWith(command);
    await this.escape();
  }

  async screenshot(name: string): Promise<string> {
    await mkdir(outDir, { recursive: true });
    const path = join(outDir, `${name.replace(/[^\w.-]+/g, '-')}.png`) as `${string}.png`;
    await this.page.screenshot({ path });
    return path;
  }

  /** Opens the command palette with a query and gives the labels that it lists, best first. */
  async palette(query: string): Promise<readonly string[]> {
    await this.#openPalette();
    await this.#search(query);
    return await this.choices();
  }

  /** Runs a command by its title, `Category: Title`. What the last command closed may give the focus to a page only now, which closes the palette: then it is opened once more. */
  async command(title: string): Promise<void> {
    await eventually(`the command "${title}"`, async () => {
      await this.#paletteWith(title);
      await this.pick(title, patienceMs / 8);
      return true;
    });
  }

  /** What the open quick pick lists. Waits until it has settled: entries arrive while one types. */
  async choices(): Promise<readonly string[]> {
    let last = '';
    return await eventually('a settled list of choices', async () => {
      const labels = await this.texts(`${quickInput} .quick-input-list .monaco-list-row .label-name`);
      const now = labels.join('\n');
      const settled = now === last && labels.length > 0;
      last = now;
      return settled ? labels : undefined;
    });
  }

  /** Clicks the entry of the open quick pick that has this text. */
  async pick(text: string, timeoutMs = patienceMs): Promise<void> {
    await this.#clickByText(`${quickInput} .quick-input-list .monaco-list-row`, text, timeoutMs);
  }

  /** Types into the input box that says `question` and accepts it: the box of the step before may still be closing. */
  async answer(question: string, text: string): Promise<void> {
    await this.asked(question);
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Enter');
  }

  /** Waits for the quick input that says this in its title, placeholder or message. */
  async asked(question: string): Promise<void> {
    await eventually(`the question "${question}"`, async () => (await this.quickInputText()).includes(question));
  }

  /** What the open quick input says: title, placeholder, validation message. */
  async quickInputText(): Promise<string> {
    await this.#quickInputShown();
    return await this.page.$eval(quickInput, (element) =>
      [...element.querySelectorAll('.quick-input-title, .quick-input-message'), ...element.querySelectorAll('input')]
        .map((each) => (each instanceof HTMLInputElement ? each.placeholder : (each.textContent ?? ''))).join('\n'));
  }

  async escape(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.page.waitForFunction((selector) => {
      const widget = document.querySelector<HTMLElement>(selector);
      return !widget || widget.style.display === 'none';
    }, { timeout: patienceMs }, quickInput);
  }

  /** Opens a view container by the name that its icon in the activity bar carries. The chat, which stands open at first, is folded where it is not wanted: the lists have the room then. */
  async openView(name: string, { chat = false }: { readonly chat?: boolean } = {}): Promise<void> {
    const icon = await this.page.waitForSelector(`.activitybar .action-item a[aria-label^=${JSON.stringify(name)}]`, { timeout: patienceMs });
    if (!(await icon?.evaluate((element) => element.closest('.action-item')?.classList.contains('checked')))) await icon?.click();
    // Without a folder there is no chat.
    if (chat || !this.#inFolder) return;
    await this.#foldChat();
    await this.#evenLists();
  }

  /** The rows of a tree as a screen reader says them; the pane is named by its title. */
  async treeRows(pane: string): Promise<readonly string[]> {
    return await this.page.$$eval('.pane', (panes, title) => {
      const found = panes.find((each) => each.querySelector('.pane-header')?.getAttribute('aria-label')?.startsWith(title));
      return [...(found?.querySelectorAll('.monaco-list-row') ?? [])].map((row) => row.getAttribute('aria-label') ?? row.textContent ?? '');
    }, pane);
  }

  async clickTreeRow(text: string, timeoutMs = patienceMs): Promise<void> {
    await this.#clickByText('.pane .monaco-list-row', text, timeoutMs);
  }

  /** Clicks one of the buttons that a tree row shows while the mouse is over it. */
  async clickTreeAction(row: string, action: string): Promise<void> {
    await eventually(`the button "${action}" of the row "${row}"`, async () => {
      for (const element of await this.page.$$('.pane .monaco-list-row')) {
        if (!(await labelOf(element)).includes(row)) continue;
        await element.hover();
        const button = await element.$(`.actions a.action-label[aria-label^=${JSON.stringify(action)}]`);
        if (button && (await labelOf(element)).includes(row) && (await clickSteady(button, action, true))) return true;
      }
      return false;
    });
  }

  /** Opens the children of a tree row. The editor now and then opens a row without them, where the tree has changed meanwhile: then it is closed and opened again. */
  async expandTreeRow(text: string): Promise<void> {
    await eventually(`the row "${text}" to unfold`, async () => {
      for (const element of await this.page.$$('.pane .monaco-list-row')) {
        if (!(await labelOf(element)).includes(text)) continue;
        if (await element.evaluate(hasChild)) return true;
        const twistie = await element.$('.monaco-tl-twistie');
        if (!twistie || !(await clickSteady(twistie, ''))) return false;
        return await eventually('its children', () => element.evaluate(hasChild), patienceMs / 8);
      }
      return false;
    });
  }

  /** Answers the dialog that is in the way of everything else; gives its text. */
  async dialog(button: string): Promise<string> {
    const box = await this.page.waitForSelector('.monaco-dialog-box', { visible: true, timeout: patienceMs });
    const [text = ''] = await this.texts('.monaco-dialog-box .dialog-message-container');
    await this.#clickByText('.monaco-dialog-box .monaco-button', button);
    // The next dialog may follow at once: this one is gone, not every one.
    await this.page.waitForFunction((each) => !each?.isConnected, { timeout: patienceMs }, box);
    return text;
  }

  /** Whether the editor's own question stands there, if it may open an address outside. */
  async asksToOpen(): Promise<boolean> {
    return (await this.texts('.monaco-dialog-box .dialog-message-container')).some((text) => text.includes('external website'));
  }

  /** Replaces what stands in the open input box. */
  async retype(text: string): Promise<void> {
    await this.#quickInputShown();
    await this.page.keyboard.down('Control');
    await this.page.keyboard.press('KeyA');
    await this.page.keyboard.up('Control');
    // Key by key a long text takes minutes on a busy machine.
    if (text.length > longText) await this.page.keyboard.sendCharacter(text);
    else await this.page.keyboard.type(text);
  }

  /** Opens a file of the workspace by its relative path. */
  async openFile(path: string): Promise<void> {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const opened = `.editor-group-container.active .tab.active[data-resource-name=${JSON.stringify(name)}]`;
    // As long as the editor searches, its list changes under the mouse: a click that missed is made again.
    await eventually(`${name} in the editor`, async () => {
      await this.escape();
      await this.#openPalette();
      await this.page.keyboard.press('Backspace');
      await this.#search(path);
      await this.pick(name, patienceMs / 4);
      await this.page.waitForSelector(opened, { timeout: patienceMs / 4 });
      return true;
    }, 2 * patienceMs);
  }

  /** The texts of the code lenses that are on the screen. */
  async codeLenses(): Promise<readonly string[]> {
    return await this.texts('.codelens-decoration a');
  }

  async clickCodeLens(text: string, within = ''): Promise<void> {
    await this.#clickByText(`${within}.codelens-decoration a`, text);
  }

  /** The messages in the notification centre. A workbench under test shows no toasts, so the centre is opened as the bell does. */
  async notifications(): Promise<readonly string[]> {
    if (!(await this.page.$('.notifications-center.visible'))) await this.page.click('[id="status.notifications"] a');
    return await this.texts('.notifications-center .notification-list-item-message');
  }

  async clickNotificationButton(text: string): Promise<void> {
    await this.notifications();
    await this.#clickByText('.notifications-center .monaco-button', text);
  }

  async statusBar(): Promise<readonly string[]> {
    return await this.texts('.statusbar-item');
  }

  /**
   * The document of a webview that shows `selector`. Reached through its outer frame: VS Code writes the inner document over another one, after
   * which the inner frame may never answer again.
   */
  async webview(selector = 'body > *', timeoutMs = patienceMs): Promise<ElementHandle<Element>> {
    return await eventually(`a webview with ${selector}`, async () => {
      for (const frame of this.page.frames().filter((each) => each.url().includes('/webview/browser/pre/index.html'))) {
        const found = await frame.evaluateHandle((wanted) => {
          const inner = document.querySelector<HTMLIFrameElement>('iframe#active-frame')?.contentDocument;
          return inner?.querySelector(wanted) ? inner.documentElement : null;
        }, selector);
        const element = found.asElement();
        if (element instanceof ElementHandle) return element as ElementHandle<Element>;
      }
      return undefined;
    }, timeoutMs);
  }

  /** Writes a file of the workspace from outside the editor. */
  async writeFile(path: string, text: string): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  async removeFile(path: string): Promise<void> {
    await rm(join(this.folder, path));
  }

  /** Runs the command line on the workspace, with the record of runs that the editor uses. Throws what it printed where it fails. */
  async cli(...args: readonly string[]): Promise<void> {
    const env = productEnv({ ASSASSIN_HOME: join(dirname(this.folder), 'home') });
    const result = await runCommand(productNode(), [inRoot('dist', 'cli.js'), ...args, '--workspace', this.folder], { env, output: 'capture', timeoutMs: 60_000 });
    if (result.code !== 0) throw new Error(`${args.join(' ')} ended with code ${result.code}:\n${result.output}`);
  }

  /** Changes a setting of the workspace, as its settings file does, and waits until the editor goes by it: its title is a setting too. */
  async setting(key: string, value: unknown): Promise<void> {
    const file = join(this.folder, '.vscode', 'settings.json');
    const settings = await readFile(file, 'utf8').catch(() => '{}');
    const title = `Settings ${++this.#settings}`;
    await mkdir(join(this.folder, '.vscode'), { recursive: true });
    await writeFile(file, JSON.stringify({ ...(JSON.parse(settings) as Record<string, unknown>), [key]: value, 'window.title': title }, null, 2));
    await eventually(`the setting ${key} to be in force`, async () => (await this.page.title()).includes(title));
  }

  /** Trusts the folder as a person does, and closes the editor in which that is done. */
  async trustFolder(): Promise<void> {
    await this.command('Workspaces: Manage Workspace Trust');
    await (await this.page.waitForSelector('.workspace-trust-limitations.trusted .monaco-button, .workspace-trust-features .monaco-button', { timeout: patienceMs }))?.click();
    await eventually('trust', async () => (await this.texts('.workspace-trust-title')).some((text) => text.startsWith('You trust')));
    await this.page.click('[class*="modal-editor"] .codicon-close');
  }

  async texts(selector: string): Promise<readonly string[]> {
    return await this.page.$$eval(selector, (elements) => elements.map((element) => (element.textContent ?? '').replaceAll('\u00a0', ' ').trim()).filter(Boolean));
  }

  async #foldChat(): Promise<void> {
    await eventually('a chat that is folded', async () => {
      const open = await this.page.$('.sidebar .pane-header[aria-label^="Chat"][aria-expanded="true"]');
      await open?.click();
      // The header may come later than those of the lists.
      return (await this.page.$('.sidebar .pane-header[aria-label^="Chat"][aria-expanded="false"]')) !== null;
    });
  }

  /** The editor gives all the room of a folded view to the next one. Only rows on the screen can be read: here each list has a third of it. */
  async #evenLists(): Promise<void> {
    const lists = ['Runs', 'Chains', 'MCP'].map((title) => `.sidebar .pane:has(> .pane-header[aria-label^="${title}"])`);
    for (const index of [2, 1]) {
      await eventually('lists of one height', async () => {
        const boxes = await Promise.all(lists.map((list) => this.page.$eval(list, (pane) => pane.getBoundingClientRect().toJSON() as { readonly x: number; readonly y: number; readonly width: number; readonly bottom: number })));
        const [first, last] = [boxes[0]!, boxes[2]!];
        const wanted = first.y + ((last.bottom - first.y) * index) / 3;
        const { x, y, width } = boxes[index]!;
        if (Math.abs(y - wanted) <= 6) return true;
        await this.page.mouse.move(x + width / 2, y);
        await this.page.mouse.down();
        await this.page.mouse.move(x + width / 2, wanted, { steps: 3 });
        await this.page.mouse.up();
        return false;
      });
    }
  }

  async #paletteWith(title: string): Promise<void> {
    await eventually(`the command "${title}" in the palette`, async () => {
      const labels = await this.palette(title);
      if (labels.some((label) => label.includes(title))) return true;
      await this.escape();
      return false;
    });
  }

  /** Fills the box of a list that is searched while one types. After each key the editor searches and draws it all anew: key by key a command took three seconds of a processor. */
  async #search(text: string): Promise<void> {
    await this.page.keyboard.sendCharacter(text.slice(0, -1));
    await this.page.keyboard.type(text.slice(-1));
  }

  /** A page that is just being loaded may have the focus, and swallow the key. */
  async #openPalette(): Promise<void> {
    await eventually('the palette', async () => {
      await this.page.keyboard.press('F1');
      await this.#quickInputShown(patienceMs / 8).catch(async (error: unknown) => {
        await this.page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
        throw error;
      });
      return true;
    });
  }

  async #quickInputShown(timeout = patienceMs): Promise<void> {
    await this.page.waitForSelector(`${quickInput} input:focus`, { visible: true, timeout });
  }

  async #clickByText(selector: string, text: string, timeoutMs = patienceMs): Promise<void> {
    await eventually(`something to click that says "${text}"`, async () => {
      for (const element of await this.page.$$(selector)) if ((await labelOf(element)).includes(text)) return await clickSteady(element, text);
      return false;
    }, timeoutMs);
  }
}
