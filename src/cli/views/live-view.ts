import type { JournalEvent } from '../../shared/events.ts';
import { formatDuration } from '../../shared/duration.ts';
import { clip, displayWidth, oneLine } from '../text.ts';
import { clearLine, type Terminal } from '../terminal.ts';
import { stepHint } from './step-hint.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 100;

/** Text with its colour: cut to the screen's width before it is coloured, because colours take no room. */
type Part = string | readonly [colour: (text: string) => string, text: string];

interface OpenStep {
  readonly name: string;
  /** The run itself, which bears the name of its tool where it is one call. */
  readonly whole: boolean;
  readonly hint: string;
}

/** Tells how a run goes: each finished step, what it reports, what it creates and destroys. With a spinner where a person watches. */
export class LiveView implements Disposable {
  readonly #terminal: Terminal;
  readonly #open = new Map<string, OpenStep>();
  readonly #leases = new Map<string, string>();
  #began: number | undefined;
  #frame = 0;
  #paused = 0;
  #progress = '';
  /** The step that was told last. */
  #told: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    if (terminal.rewrites) this.#timer = setInterval(() => this.#spin(), frameMs);
    this.#timer?.unref();
  }

  show(event: JournalEvent): void {
    this.#began ??= event.at;
    const parts = this.#lineFor(event);
    if (parts === undefined) return;
    this.#clear();
    this.#terminal.note(fit(parts, this.#terminal.width));
    this.#spin();
  }

  /** Keeps the spinner away while a person is asked. */
  pause(): Disposable {
    this.#paused += 1;
    this.#clear();
    return { [Symbol.dispose]: () => void (this.#paused -= 1) };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#clear();
    this.#timer = undefined;
  }

  #lineFor(event: JournalEvent): readonly Part[] | undefined {
    const { good, bad, warn, dim } = this.#terminal.style;
    switch (event.type) {
      case 'step.started':
        this.#open.set(event.step, { name: oneLine(event.name), hint: stepHint(event.input), whole: event.kind === 'run' && event.parent === undefined });
        return undefined;
      case 'step.ended': {
        const { name = event.step, hint = '', whole = false } = this.#open.get(event.step) ?? {};
        this.#open.delete(event.step);
        if (whole && name === this.#told) return undefined;
        this.#told = name;
        const took: Part = [dim, `${hint === '' ? '' : ` ${hint}`} ${formatDuration(event.ms)}`];
        if (event.status === 'ok') return [[good, '✓'], ` ${name}`, took];
        return [[bad, '✗'], ` ${name}`, took, [bad, ` ${event.status}`], event.error ? `: ${oneLine(event.error.message)}` : ''];
      }
      case 'run.progress':
        this.#progress = oneLine(event.message);
        return [`  ${this.#progress}`, [dim, event.fraction === undefined ? '' : ` ${Math.round(event.fraction * 100)} %`]];
      case 'run.log':
        return event.level === 'debug' ? undefined : [...logPrefix(event.level, warn, bad), oneLine(event.message)];
      case 'run.cancelling':
        return [[warn, `  ${oneLine(event.reason)}`]];
      case 'lease.created':
        this.#leases.set(event.lease, oneLine(event.label));
        return [[dim, `+ ${event.kind}: ${oneLine(event.label)}`]];
      case 'lease.destroyed': {
        const label = this.#leases.get(event.lease) ?? event.lease;
        return event.verified ? [[dim, `- ${label}: destroyed, verified`]] : [[bad, `- ${label}: could not be verified as gone`]];
      }
      case 'decision':
        return event.outcome === 'denied' ? [[bad, `⊘ denied: ${oneLine(event.action)}`]] : undefined;
      default:
        return undefined;
    }
  }

  #spin(): void {
    if (this.#timer === undefined || this.#paused > 0 || this.#began === undefined) return;
    const latest = [...this.#open.values()].at(-1);
    const elapsed = formatDuration(Math.round((Date.now() - this.#began) / 100) * 100);
    const text = `${frames[this.#frame++ % frames.length]!} ${elapsed} ${latest ? latest.name : this.#progress}${this.#open.size > 1 ? ` (${this.#open.size} steps open)` : ''}`;
    this.#terminal.raw(`${clearLine}${clip(text, this.#terminal.width - 1)}`);
  }

  #clear(): void {
    if (this.#timer !== undefined) this.#terminal.raw(clearLine);
  }
}

function logPrefix(level: 'info' | 'warn' | 'error', warn: (text: string) => string, bad: (text: string) => string): readonly Part[] {
  return level === 'warn' ? [[warn, '  warning: ']] : level === 'error' ? [[bad, '  error: ']] : ['  '];
}

function fit(parts: readonly Part[], width: number): string {
  let left = width;
  let line = '';
  for (const part of parts) {
    const text = clip(typeof part === 'string' ? part : part[1], left);
    if (text === '') continue;
    left -= displayWidth(text);
    line += typeof part === 'string' ? text : part[0](text);
  }
  return line;
}
