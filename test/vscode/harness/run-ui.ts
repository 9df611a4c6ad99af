import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'puppeteer-core';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import { outDir, Session, type SessionOptions } from './session.ts';
import type { OnResult, TestResult } from './spec.ts';
import { ui } from './ui.ts';
import { Workbench } from './workbench.ts';

export interface UiRun extends SessionOptions {
  readonly grep?: string | undefined;
  /** A folder, empty at first, that several programs are given: each takes the next file that none of the others has taken, and runs it in an editor of its own. */
  readonly share?: string | undefined;
  /** Names of the files that are run; all where absent. */
  readonly files?: readonly string[] | undefined;
  readonly onResult: OnResult;
}

interface Manifest {
  readonly contributes?: { readonly commands?: readonly { readonly title: string; readonly category?: string }[] };
}

/** The first command of the extension as the palette shows it. */
async function firstCommand(extension: string): Promise<string | undefined> {
  const read = async (file: string) => JSON.parse(await readFile(join(extension, file), 'utf8')) as unknown;
  const words = (await read('package.nls.json').catch(() => ({}))) as Record<string, string>;
  const localised = (text: string) => text.replace(/^%(.*)%$/, (_, key: string) => words[key] ?? key);
  const command = ((await read('package.json')) as Manifest).contributes?.commands?.[0];
  return command && `${command.category ? `${localised(command.category)}: ` : ''}${localised(command.title)}`;
}

/** Files of this name drive a workbench whose folder is not trusted. */
const untrusted = /\.untrusted\.test\.ts$/;
/** Files of this name drive a window that was opened by a workspace file, which lies in its one folder. */
const byFile = /\.workspace-file\./;
/** Files of this name drive a window without a folder. */
const empty = /\.empty\.test\.ts$/;

/** All files, the longest first: they take the longest too, and who takes one of them last keeps the others waiting. */
async function allFiles(): Promise<readonly string[]> {
  const folder = inRoot('test', 'vscode', 'ui');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.test.ts'));
  const sized = await Promise.all(names.map(async (name) => ({ name, size: (await stat(join(folder, name))).size })));
  return sized.toSorted((a, b) => b.size - a.size).map(({ name }) => name);
}

/** Whether what bears this name is this program's to run: of those that share a folder, one is the first to make an entry in it. */
async function take(name: string, { share }: UiRun): Promise<boolean> {
  if (share === undefined) return true;
  try {
    await mkdir(join(share, name));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Runs `ui/*.test.ts`: each file drives a workbench of its own from outside. */
export async function runUi(options: UiRun): Promise<readonly TestResult[]> {
  const files = (await allFiles()).filter((name) => options.files?.includes(name) ?? true);
  const known = await firstCommand(options.extension ?? inRoot());
  return [
    // All by one program, for they need an editor of another kind. Commands that run something are not in the palette there.
    ...((await take('untrusted', options)) ? await runFiles(files.filter((file) => untrusted.test(file)), { ...options, workspaceTrust: true }, undefined) : []),
    ...(await runFiles(files.filter((file) => !untrusted.test(file)), options, known)),
  ];
}

/** Files share an editor, each with a window of its own, until one fails: that one is run once more in a fresh editor; what fails twice has failed. */
async function runFiles(files: readonly string[], options: UiRun, known: string | undefined): Promise<readonly TestResult[]> {
  const results: TestResult[] = [];
  const shared = new SharedSession(options);
  try {
    for (const file of files) {
      if (!(await take(file, options))) continue;
      const url = pathToFileURL(inRoot('test', 'vscode', 'ui', file)).href;
      await import(url);
      if (!ui.matches(options.grep)) {
        ui.forget();
        continue;
      }
      const first = await runFile(file, shared, options, known, false);
      if (!first.some(({ status }) => status === 'failed')) {
        results.push(...first);
        continue;
      }
      console.log(`  ${file}: run once more in a fresh editor`);
      await shared.close();
      // Under another name it is loaded anew, with no memory of the first time.
      await import(`${url}?again`);
      results.push(...(await runFile(file, shared, options, known, true)));
    }
  } finally {
    await shared.close();
  }
  return results;
}

/** An editor that is opened when the first file needs it. */
class SharedSession {
  readonly #options: SessionOptions;
  #session: Session | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  async open(): Promise<Session> {
    return (this.#session ??= await Session.open(this.#options));
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    // One that cannot be closed as it should says so, and keeps no other file from being run.
    await session?.[Symbol.asyncDispose]().catch((error: unknown) => console.log(`  The editor was not closed well: ${String(error)}`));
  }
}

async function runFile(file: string, shared: SharedSession, options: UiRun, known: string | undefined, last: boolean): Promise<readonly TestResult[]> {
  const folder = !empty.test(file);
  let page: Page | undefined;
  try {
    const session = await shared.open();
    const workspace = await session.workspace();
    page = await session.openWorkbench(byFile.test(file) ? await session.workspaceFile(workspace) : folder ? workspace : undefined);
    const workbench = new Workbench(page, workspace);
    // Nor are those in a window without a folder.
    await workbench.ready(folder ? known : undefined, { folder });
    const onResult = async (result: TestResult) => {
      options.onResult(result, last);
      if (result.status === 'failed') await workbench.screenshot(`failed ${result.name}`).catch(() => undefined);
    };
    return await ui.run({ workbench }, { grep: options.grep, onResult, stopAtFailure: !last });
  } catch (error) {
    ui.forget();
    const result: TestResult = { name: `the workbench opens for ${file}`, status: 'failed', ms: 0, error: String(error) };
    options.onResult(result, last);
    await mkdir(outDir, { recursive: true });
    await page?.screenshot({ path: `${join(outDir, `failed-to-open-${file}`)}.png` }).catch(() => undefined);
    return [result];
  } finally {
    await page?.close().catch(() => undefined);
  }
}
