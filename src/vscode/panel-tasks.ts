import * as vscode from 'vscode';
import type { RunHandle } from '../run/run-manager.ts';
import type { Runtime } from '../runtime.ts';
import type { TagChange } from '../run/tag-run.ts';
import type { Approval, ApprovalAnswer } from '../shared/approvals.ts';
import type { ModelDelta, ModelDraft, OpenQuestion } from '../shared/conversation.ts';
import { AssassinError, toErrorInfo } from '../shared/errors.ts';
import type { MentionCompletion } from '../shared/mentions.ts';
import type { ModelChoice, StartRequest } from '../shared/protocol-chat.ts';
import type { SetupWay } from '../shared/setup-ways.ts';
import { follow, requireTrust } from './launch.ts';
import { tokensGranted } from './commands/run-task.ts';
import { keepPictures } from './panel-attachments.ts';
import type { PanelTasks } from './panel-ports.ts';
import { freezeRun, openAddress, showVersions, undoRun } from './panel-dialogs.ts';
import { withSecretsMoved } from './pasted-secrets.ts';
import { chooseModel, currentModel, rememberModel } from './panel-models.ts';
import { openReview } from './review/open-review.ts';
import { goTo } from './set-up-ways.ts';
import type { Services } from './services.ts';

/** What one page of the panel does about tasks, through whichever runtime has the run: after new settings the old one still ends its runs. */
export class EditorTasks implements PanelTasks {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  async start({ text, mode, pictures, after }: StartRequest): Promise<string | undefined> {
    requireTrust();
    const services = this.#services;
    const model = (await currentModel(services, false)).id ?? (await chooseModel(services)).id;
    if (model === undefined || !(await tokensGranted(services))) return undefined;
    await rememberModel(services, model);
    const words = await keepPictures(services.workspace(), await withSecretsMoved(text, services.context), pictures);
    return this.#launch((runtime) => (after === undefined ? runtime.startTask(words, { model, mode }) : runtime.tasks.followUp(after, words, { model, mode })));
  }

  async steer(run: string, text: string): Promise<string> {
    const words = await withSecretsMoved(text, this.#services.context);
    return this.#with(run, (runtime) => runtime.tasks.steer(run, words).message);
  }

  withdraw(run: string, message: string): Promise<boolean> {
    return this.#with(run, (runtime) => runtime.tasks.withdraw(run, message));
  }

  async answer(ask: string, text: string | undefined): Promise<boolean> {
    const words = text === undefined ? undefined : await withSecretsMoved(text, this.#services.context);
    return this.#services.holder.runtimes.some((runtime) => runtime.tasks.answer(ask, words));
  }

  useWhole(run: string): Promise<{ readonly tokens: number }> {
    return this.#with(run, (runtime) => runtime.tasks.useWhole(run));
  }

  resume(run: string): Promise<string> {
    return this.#launch((runtime) => runtime.tasks.resume(run));
  }

  async fork(run: string, turn: number, text: string): Promise<string> {
    const words = await withSecretsMoved(text, this.#services.context);
    return this.#launch((runtime) => runtime.tasks.fork(run, turn, words));
  }

  approvePlan(run: string): Promise<string> {
    return this.#launch((runtime) => runtime.tasks.approvePlan(run));
  }

  undo(run: string): Promise<string | undefined> {
    requireTrust();
    return undoRun(this.#services, run);
  }

  freeze(run: string): Promise<string | undefined> {
    requireTrust();
    return freezeRun(this.#services, run);
  }

  showChanges(run: string): Promise<void> {
    return openReview(this.#services, run);
  }

  showDiff(run: string, path: string, before: string | undefined, after: string): Promise<void> {
    return showVersions(run, path, before, after);
  }

  async fileNow(path: string): Promise<Uint8Array | undefined> {
    const folder = this.#services.workspace();
    if (folder === undefined) return undefined;
    try {
      return await vscode.workspace.fs.readFile(vscode.Uri.joinPath(vscode.Uri.file(folder), path));
    } catch {
      // It was removed, or is a folder now: what it holds cannot be compared.
      return undefined;
    }
  }

  draft(run: string): ModelDraft | undefined {
    return this.#services.holder.runtimes.map((runtime) => runtime.tasks.draft(run)).find((draft) => draft !== undefined);
  }

  onDelta(listener: (delta: ModelDelta) => void): vscode.Disposable {
    return this.#services.holder.eachRuntime((runtime) => runtime.tasks.onDelta(listener));
  }

  approvals(): readonly Approval[] {
    return this.#services.holder.runtimes.flatMap((runtime) => runtime.approvals.pending());
  }

  questions(): readonly OpenQuestion[] {
    return this.#services.holder.runtimes.flatMap((runtime) => runtime.tasks.questions());
  }

  decide(id: string, answer: ApprovalAnswer): Promise<boolean> {
    requireTrust();
    return Promise.resolve(this.#services.holder.runtimes.some((runtime) => runtime.approvals.answer(id, answer)));
  }

  onAsks(listener: () => void): vscode.Disposable {
    return this.#services.holder.eachRuntime((runtime) => {
      const [approvals, questions] = [runtime.approvals.onChange(listener), runtime.tasks.onQuestion(listener)];
      return { [Symbol.dispose]: () => { approvals[Symbol.dispose](); questions[Symbol.dispose](); } };
    });
  }

  model(refresh: boolean): Promise<ModelChoice> {
    return currentModel(this.#services, refresh);
  }

  chooseModel(): Promise<ModelChoice> {
    return chooseModel(this.#services);
  }

  async setUp(way: SetupWay): Promise<void> {
    await goTo(way, way === 'settings' ? await this.#wrongSetting() : undefined);
  }

  mentions(text: string, cursor: number): Promise<MentionCompletion> {
    return this.#services.holder.use((runtime) => runtime.mentionCandidates(text, cursor));
  }

  openLink(address: string): Promise<void> {
    return openAddress(this.#services.workspace(), address);
  }

  async tag(run: string, change: TagChange): Promise<readonly string[]> {
    return (await import('./commands/tag-run.ts')).setTags(this.#services, run, change);
  }

  async #wrongSetting(): Promise<string | undefined> {
    try {
      await this.#services.holder.use(() => undefined);
      return undefined;
    } catch (error) {
      const setting = toErrorInfo(error).data?.['setting'];
      return typeof setting === 'string' ? setting : undefined;
    }
  }

  async #launch(start: (runtime: Runtime) => Promise<RunHandle>): Promise<string> {
    requireTrust();
    const handle = await this.#services.holder.use(start);
    void follow(this.#services, handle);
    return handle.id;
  }

  async #with<T>(run: string, work: (runtime: Runtime) => T): Promise<T> {
    const runtime = this.#services.holder.runtimes.find(({ runs }) => runs.live.some(({ id }) => id === run));
    if (!runtime) throw new AssassinError('invalid-input', `The run ${run} does not go on in this window.`, { hint: 'Send the message again: it then follows the task that has ended.' });
    return work(runtime);
  }
}
