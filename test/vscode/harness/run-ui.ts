import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import { Session, type SessionOptions } from './session.ts';
import type { TestResult } from './spec.ts';
import { ui } from './ui.ts';
import { Workbench } from './workbench.ts';

export interface UiRun extends SessionOptions {
  readonly grep?: string | undefined;
  /** The part of the files that this program runs; another one runs the others at the same time, in an editor of its own. */
  readonly lane?: { readonly number: number; readonly of: number };
  readonly onResult: (result: TestResult) => void;
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
/** Files of this name drive a window without a folder. */
const empty = /\.empty\.test\.ts$/;

/** The files of one lane, in order: the longest files are dealt out first, for they take the longest too. */
async function filesOf({ number, of }: { readonly number: number; readonly of: number } = { number: 1, of: 1 }): Promise<readonly string[]> {
  const folder = inRoot('test', 'vscode', 'ui');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.test.ts'));
  const sized = await Promise.all(names.map(async (name) => ({ name, size: (await stat(join(folder, name))).size })));
  const lanes = Array.from({ length: of }, () => ({ size: 0, names: [] as string[] }));
  for (const { name, size } of sized.toSorted((a, b) => b.size - a.size)) {
    const lane = lanes.reduce((least, each) => (each.size < least.size ? each : least));
    lane.size += size;
    lane.names.push(name);
  }
  return lanes[number - 1]?.names.sort() ?? [];
}

/** Runs `ui/*.test.ts`: each file drives a workbench of its own from outside. */
export async function runUi(options: UiRun): Promise<readonly TestResult[]> {
  const files = await filesOf(options.lane);
  const known = await firstCommand(options.extension ?? inRoot());
  return [
    ...(await runFiles(files.filter((file) => !untrusted.test(file)), options, known)),
    // Commands that run something are not in the palette there.
    ...(await runFiles(files.filter((file) => untrusted.test(file)), { ...options, workspaceTrust: true }, undefined)),
  ];
}

async function runFiles(files: readonly string[], options: UiRun, known: string | undefined): Promise<readonly TestResult[]> {
  const results: TestResult[] = [];
  let session: Session | undefined;
  try {
    for (const file of files) {
      const url = pathToFileURL(inRoot('test', 'vscode', 'ui', file)).href;
      await import(url);
      if (!ui.matches(options.grep)) {
        ui.forget();
        continue;
      }
      session ??= await Session.open(options);
      const first = await runFile(file, session, options, known);
      if (!first.some(({ status }) => status === 'failed')) {
        results.push(...first);
        continue;
      }
      // What a person sees takes as long as the machine needs. A file that fails is run once more in an editor of its own; what fails twice has failed.
      console.log(`  ${file} has failed and is run once more in a fresh editor`);
      await session[Symbol.asyncDispose]();
      session = await Session.open(options);
      await import(`${url}?again`);
      results.push(...(await runFile(file, session, options, known)));
    }
  } finally {
    await session?.[Symbol.asyncDispose]();
  }
  return results;
}

async function runFile(file: string, session: Session, options: UiRun, known: string | undefined): Promise<readonly TestResult[]> {
  const workspace = await session.workspace();
  const folder = !empty.test(file);
  const page = await session.openWorkbench(folder ? workspace : undefined);
  const workbench = new Workbench(page, workspace);
  const onResult = async (result: TestResult) => {
    options.onResult(result);
    if (result.status === 'failed') await workbench.screenshot(`failed ${result.name}`).catch(() => undefined);
  };
  try {
    // Nor are those in a window without a folder.
    await workbench.ready(folder ? known : undefined, { folder });
    return await ui.run({ workbench }, { grep: options.grep, onResult });
  } catch (error) {
    ui.forget();
    const result: TestResult = { name: `the workbench opens for ${file}`, status: 'failed', ms: 0, error: String(error) };
    await onResult(result);
    return [result];
  } finally {
    await page.close();
  }
}
