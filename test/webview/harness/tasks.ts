import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runtime } from '../../../src/runtime.ts';
import type { ModelChoice } from '../../../src/shared/protocol-chat.ts';
import type { PanelTasks } from '../../../src/vscode/panel-ports.ts';

const refuse = () => Promise.reject(new Error('No task can be started here.'));
const silent = { dispose: () => undefined };

export const noModel: ModelChoice = { label: '', abilities: [], pictures: false, none: true };
export const someModel: ModelChoice = { id: 'test/scripted', label: 'scripted', abilities: ['calls tools', 'sees pictures'], pictures: true, none: false };

/** A panel that shows what is on record and can start nothing. */
export const noTasks: PanelTasks = {
  start: refuse, steer: refuse, withdraw: refuse, useWhole: refuse, resume: refuse, fork: refuse, approvePlan: refuse, undo: refuse, freeze: refuse, showChanges: refuse, showDiff: refuse, openLink: refuse, setUp: refuse,
  tag: refuse, answer: () => Promise.resolve(false), decide: () => Promise.resolve(false), fileNow: () => Promise.resolve(undefined), draft: () => undefined,
  onDelta: () => silent, onAsks: () => silent, approvals: () => [], questions: () => [],
  model: () => Promise.resolve(noModel), chooseModel: () => Promise.resolve(noModel), mentions: () => Promise.resolve({ from: 0, to: 0, candidates: [] }),
};

/** What the panel did beside the runtime. */
export interface Shown {
  readonly diffs: { readonly path: string; readonly before: string | undefined; readonly after: string }[];
  readonly links: string[];
  readonly started: string[];
}

/** The panel's tasks on a whole runtime; dialogs of the editor are noted instead of shown. */
export function tasksOf(runtime: Runtime, tokens = 1_000_000): PanelTasks & { readonly shown: Shown } {
  const shown: Shown = { diffs: [], links: [], started: [] };
  const options = { model: someModel.id ?? '', budget: { tokens }, layers: { retry: { attempts: 2, baseMs: 10 } } };
  const disposable = (...all: readonly Disposable[]) => ({ dispose: () => all.forEach((each) => each[Symbol.dispose]()) });
  const noted = (id: string) => {
    shown.started.push(id);
    return id;
  };
  return {
    ...noTasks, shown,
    start: async ({ text, mode, after }) => noted((after === undefined ? await runtime.startTask(text, { ...options, mode }) : await runtime.tasks.followUp(after, text, { ...options, mode })).id),
    steer: async (run, text) => runtime.tasks.steer(run, text).message,
    withdraw: async (run, message) => runtime.tasks.withdraw(run, message),
    tag: async (run, change) => runtime.runs.tag(run, change),
    useWhole: async (run) => runtime.tasks.useWhole(run),
    answer: async (ask, text) => runtime.tasks.answer(ask, text),
    resume: async (run) => noted((await runtime.tasks.resume(run, options)).id),
    fork: async (run, turn, text) => noted((await runtime.tasks.fork(run, turn, text, options)).id),
    approvePlan: async (run) => noted((await runtime.tasks.approvePlan(run, options)).id),
    undo: async (run) => noted(runtime.undo(run).id),
    freeze: async (run) => (await runtime.freeze(run, 'frozen')).path,
    showDiff: async (_run, path, before, after) => void shown.diffs.push({ path, before, after }),
    openLink: async (address) => void shown.links.push(address),
    fileNow: (path) => readFile(join(runtime.workspace, path)).catch(() => undefined),
    draft: (run) => runtime.tasks.draft(run),
    onDelta: (listener) => disposable(runtime.tasks.onDelta(listener)),
    onAsks: (listener) => disposable(runtime.approvals.onChange(listener), runtime.tasks.onQuestion(listener)),
    approvals: () => runtime.approvals.pending(),
    questions: () => runtime.tasks.questions(),
    decide: async (id, answer) => runtime.approvals.answer(id, answer),
    model: () => Promise.resolve(someModel),
    chooseModel: () => Promise.resolve(someModel),
    mentions: (text, cursor) => runtime.mentionCandidates(text, cursor),
  };
}
