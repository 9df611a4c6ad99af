import { createHash } from 'node:crypto';
import type { ChatItem, ChatPage } from '../shared/chat.ts';
import type { FileDiff } from '../shared/file-diff.ts';
import { AssassinError } from '../shared/errors.ts';
import type { EventOf, JournalEvent, Mark } from '../shared/events.ts';
import type { Json } from '../shared/json.ts';
import type { Params, Result } from '../shared/protocol.ts';
import type { ChatMethods, FoundRun, InnerStep } from '../shared/protocol-chat.ts';
import type { Handlers } from '../shared/rpc.ts';
import { isFiltered } from '../shared/run-filter.ts';
import { isTerminal } from '../shared/run-state.ts';
import { wholeValue } from '../store/whole-value.ts';
import { aboutOf } from '../telemetry/about.ts';
import { ChatLog, type Draft } from '../telemetry/chat-log.ts';
import { costOf } from '../telemetry/model-use.ts';
import type { PanelHistory, PanelTasks } from './panel-ports.ts';
import { clip } from './panel-rows.ts';
import { PanelTeam } from './panel-team.ts';
import { stepSettled } from './settled-write.ts';

/** More of an answer than this is read from the trace. */
const turnText = 60_000;
const lineText = 300;
const diffBytes = 1024 * 1024;
/** Taking in what is new may last longer after much was recorded: the page gets what is known by then, and the next search goes on. */
const indexMs = 5000;
/** Conversations that are open at the same time: a task, those before it, and those of its agents. */
const logsKept = 24;

type ChatHandlers = { readonly [M in keyof ChatMethods]: Handlers[M] };

export interface PanelChatOptions {
  readonly history: PanelHistory;
  readonly tasks: PanelTasks;
  readonly workspace: () => string | undefined;
}

/** Answers what the page asks about tasks. The conversation of a run is laid out once and grows with its journal. */
export class PanelChat {
  readonly #options: PanelChatOptions;
  readonly #team: PanelTeam;
  readonly #logs = new Map<string, ChatLog>();

  constructor(options: PanelChatOptions) {
    this.#options = options;
    this.#team = new PanelTeam(options.history);
  }

  get handlers(): ChatHandlers {
    const { tasks } = this.#options;
    return {
      'chat.items': (query) => this.#items(query),
      'chat.draft': ({ run }) => {
        const draft = tasks.draft(run);
        return draft === undefined ? {} : { draft };
      },
      'chat.session': ({ run }) => this.#session(run),
      'chat.inside': (query) => this.#inside(query),
      'chat.team': async ({ run }) => ({ runs: await this.#team.below(run) }),
      'chat.diff': async ({ run, write }) => this.#diff(run, write),
      'chat.openDiff': async ({ run, write }) => {
        const { path, before, after, problem } = await this.#versions(run, write);
        if (after === undefined) throw new AssassinError('not-supported', problem ?? `What ${path} held afterwards is not known.`, { hint: 'Open the file, or look at the changes of the whole run.' });
        await tasks.showDiff(run, path, before, after);
        return null;
      },
      'chat.changes': async ({ run }) => done(tasks.showChanges(run)),
      'chat.start': async (request) => maybeRun(await tasks.start(request)),
      'chat.steer': async ({ run, text }) => ({ message: await tasks.steer(run, text) }),
      'chat.withdraw': async ({ run, message }) => ({ withdrawn: await tasks.withdraw(run, message) }),
      'chat.useWhole': async ({ run }) => tasks.useWhole(run),
      'chat.answer': async ({ ask, text }) => ({ taken: await tasks.answer(ask, text) }),
      'chat.resume': async ({ run }) => ({ run: await tasks.resume(run) }),
      'chat.fork': async ({ run, turn, text }) => ({ run: await tasks.fork(run, turn, text) }),
      'chat.approvePlan': async ({ run }) => ({ run: await tasks.approvePlan(run) }),
      'chat.undo': async ({ run }) => maybeRun(await tasks.undo(run)),
      'chat.freeze': async ({ run }) => {
        const path = await tasks.freeze(run);
        return path === undefined ? {} : { path };
      },
      'approvals.pending': () => ({ approvals: tasks.approvals(), questions: tasks.questions() }),
      'approvals.answer': async ({ id, answer }) => ({ counted: await tasks.decide(id, answer) }),
      'model.current': ({ refresh }) => tasks.model(refresh),
      'model.choose': () => tasks.chooseModel(),
      'model.setUp': async ({ way }) => done(tasks.setUp(way)),
      'mentions.find': ({ text, cursor }) => tasks.mentions(text, cursor),
      'history.search': (query) => this.#search(query),
      'link.open': async ({ address }) => done(tasks.openLink(address)),
    };
  }

  /** What a run and all below it really cost. Of its own events those that count something are enough. */
  async costOf(run: string, own: readonly JournalEvent[]): Promise<{ readonly usd: number; readonly mark: Mark }> {
    const log = new ChatLog();
    log.add(own.filter(({ type }) => type === 'meter'));
    return costOf(await this.#team.useOf(run, log.use));
  }

  async #items({ run, since, before, limit }: Params<'chat.items'>): Promise<ChatPage> {
    const log = await this.#logOf(run);
    const { items, seq, plan, use } = log;
    const wanted = since !== undefined ? items.filter((item) => item.seq > since).slice(-limit) : items.slice(0, before).slice(-limit);
    return { items: await Promise.all(wanted.map((item) => this.#whole(item))), total: items.length, seq, plan, use: await this.#team.useOf(run, use) };
  }

  async #logOf(run: string): Promise<ChatLog> {
    const events = await this.#options.history.events(run);
    // A record that is shorter than what was laid out is another one: it was deleted, or the store was changed.
    const before = this.#logs.get(run);
    const log = before === undefined || before.seq > events.length ? new ChatLog() : before;
    log.add(events.slice(log.seq));
    this.#logs.delete(run);
    this.#logs.set(run, log);
    const [oldest] = this.#logs.keys();
    if (this.#logs.size > logsKept && oldest !== undefined) this.#logs.delete(oldest);
    return log;
  }

  /** An answer with much code in it lies beside the journal; its words are read from there. */
  async #whole({ stored, ...item }: Draft): Promise<ChatItem> {
    if (item.kind !== 'turn' && item.kind !== 'person') return item;
    let text = item.text;
    let reasoning = item.kind === 'turn' ? item.reasoning : undefined;
    if (stored && 'blob' in stored) {
      const value = await wholeValue(stored, (hash) => this.#options.history.read((store) => store.blobs.read(hash)));
      text = textOf(value, item.kind === 'turn' ? 'text' : 'task') ?? '';
      reasoning = textOf(value, 'reasoning');
    }
    if (item.kind === 'person') return { ...item, text: clip(text, turnText) };
    return { ...item, text: clip(text, turnText), more: text.length > turnText, ...(reasoning === undefined ? {} : { reasoning: clip(reasoning, turnText) }) };
  }

  async #session(run: string): Promise<Result<'chat.session'>> {
    const { history } = this.#options;
    const summary = await history.read((store) => store.run(run));
    const [spans, events] = await Promise.all([history.spans(run), history.events(run)]);
    const { session } = summary;
    const others = session === undefined ? [summary] : (await history.read((store) => store.runs({ session, limit: 100 }))).items;
    return {
      runs: others.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      resumable: summary.kind === 'task' && isTerminal(summary.state) && summary.state !== 'done',
      changes: new Set(events.flatMap((event) => (event.type === 'file.written' ? [event.path] : []))).size,
      freezable: summary.kind === 'task' && summary.state === 'done' && spans.some(({ name, status }) => name === 'run_code' && status === 'ok'),
    };
  }

  async #inside({ run, step, limit }: Params<'chat.inside'>): Promise<Result<'chat.inside'>> {
    const spans = await this.#options.history.spans(run);
    const at = spans.findIndex(({ id }) => id === step);
    const own = spans[at];
    if (!own) return { steps: [], total: 0 };
    const end = spans.findIndex(({ depth }, index) => index > at && depth <= own.depth);
    const inside = spans.slice(at + 1, end === -1 ? undefined : end);
    const steps = inside.slice(0, limit).map(({ id, kind, name, status, startedAt, endedAt, input, error }): InnerStep => {
      const about = aboutOf(input);
      return {
        id, kind, name: clip(name, lineText), status, startedAt, ...(endedAt === undefined ? {} : { endedAt }),
        ...(about === undefined ? {} : { about }), ...(error === undefined ? {} : { problem: clip(error.message, lineText) }),
      };
    });
    return { steps, total: inside.length };
  }

  async #diff(run: string, write: number): Promise<FileDiff> {
    const { path, before, after, problem } = await this.#versions(run, write);
    if (after === undefined) return { path, lines: [], added: 0, removed: 0, ...(problem === undefined ? {} : { problem }) };
    const { diffOf } = await import('../workspace/review/file-diff.ts');
    return diffOf(path, before ?? '', after);
  }

  /** Both versions as texts. What was written is not kept itself: it is the before-image of the next write, or what the file still holds. */
  async #versions(run: string, write: number): Promise<{ readonly path: string; readonly before?: string; readonly after?: string; readonly problem?: string }> {
    const { history, tasks } = this.#options;
    const events = await history.events(run);
    const event = events.find((each): each is EventOf<'file.written'> => each.type === 'file.written' && each.seq === write);
    if (!event) throw new AssassinError('invalid-input', `The run ${run} has written no file at its event ${write}.`);
    const { path, before } = event;
    const next = events.find((each): each is EventOf<'file.written'> => each.type === 'file.written' && each.path === path && each.seq > write);
    if ((before?.bytes ?? 0) > diffBytes) return { path, problem: 'The file is too large to be compared here.' };
    const nextImage = next?.before?.blob;
    const old = before === undefined ? undefined : await history.read((store) => store.blobs.read(before.blob));
    if (nextImage === undefined && event.step !== undefined) await stepSettled(history, run, event.step);
    const now = event.after === '' ? new Uint8Array() : nextImage !== undefined ? await history.read((store) => store.blobs.read(nextImage)) : await tasks.fileNow(path);
    if (now === undefined || (event.after !== '' && createHash('sha256').update(now).digest('hex') !== event.after)) {
      return { path, problem: 'The file was changed since, and what this step wrote is not kept on its own.' };
    }
    const [from, to] = [textIn(old), textIn(now)];
    if (to === undefined || (old !== undefined && from === undefined)) return { path, problem: 'The file is no text.' };
    return { path, ...(from === undefined ? {} : { before: from }), after: to };
  }

  async #search({ query, filter = {}, after, limit }: Params<'history.search'>): Promise<Result<'history.search'>> {
    const workspace = this.#options.workspace();
    if (workspace === undefined) return { items: [] };
    const words = query.trim();
    const place = { ...(after === undefined ? {} : { after }), workspace };
    return this.#options.history.read(async (store) => {
      // What other runs have started is among what is looked for, and not among what is just listed.
      const hits = await store.texts.search({ words, filter, topOnly: words === '' && !isFiltered(filter), limit: limit + 1, ...place }, AbortSignal.timeout(indexMs));
      const items = hits.slice(0, limit).map(({ run, snippet }): FoundRun => {
        const found = store.run(run);
        return { ...found, title: clip(found.title, lineText), source: clip(found.source, lineText), tags: store.traces.tags(run), ...(snippet === undefined ? {} : { snippet }) };
      });
      const last = items.at(-1);
      return hits.length > limit && last ? { items, next: last.id } : { items };
    });
  }
}

const maybeRun = (run: string | undefined) => (run === undefined ? {} : { run });

async function done(work: Promise<void>): Promise<null> {
  await work;
  return null;
}

function textOf(value: Json, field: string): string | undefined {
  const found = typeof value === 'object' && value !== null && field in value ? Object.entries(value).find(([key]) => key === field)?.[1] : undefined;
  return typeof found === 'string' ? found : undefined;
}

function textIn(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined || bytes.length > diffBytes || bytes.includes(0)) return undefined;
  return new TextDecoder().decode(bytes);
}
