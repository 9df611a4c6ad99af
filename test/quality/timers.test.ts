import { describe, expect, it } from 'vitest';
import { sourceFiles } from './sources.ts';
import { repeatingTimers } from './timer-uses.ts';

/**
 * What repeats by itself, and why an editor in which nothing goes on is not woken by it. An idle extension may have no timer that is faster than 30 s;
 * whoever adds one here says when it ends.
 */
const reviewed: Readonly<Record<string, string>> = {
  'src/cli/views/live-view.ts interval constructor': 'the spinner of a run on a terminal; ends with the run',
  'src/cli/views/waiting-line.ts interval constructor': 'every second while a person waits on a terminal for MCP servers; ends with the wait',
  'src/mcp/deadlines.ts timeout lookBy': 'while a call of an MCP server is under way; after the last one it goes off once more at most, within the time limit of that call',
  'src/mcp/restarts.ts timeout lost': 'a server that has broken is tried again a few times, with growing pauses; then no more',
  'src/mcp/start-turns.ts timeout #watch': 'while more MCP servers are to start than may at once',
  'src/models/with-timeouts.ts timeout #wait': 'while a model answers',
  'src/run/journal.ts timeout #watch': 'while events of a run wait for the disk, milliseconds',
  'src/run/time-slices.ts timeout #wait': 'while a run goes on that draws time from a budget',
  'src/sandbox/guest/timers.ts interval apply': 'inside a sandbox: the name that a program calls; it ends with the program',
  'src/sandbox/idle-threads.ts timeout #sweepIn': 'while threads of sandboxes wait for another program, half a minute at most; after the last one has ended it goes off once more',
  'src/sandbox/seat.ts timeout #lookAtWaiting': 'while a program holds a sandbox',
  'src/sandbox/watchdog.ts interval constructor': 'while a program computes in a sandbox',
  'src/sandbox/worker-pool.ts interval #takeRoom': 'while a run waits for a sandbox',
  'src/serve/served-tools.ts interval onChange': 'while this program is an MCP server with a client that wants to hear of changes: a process of its own, not the editor',
  'src/serve/traces/trace-receiver.ts interval constructor': 'every 30 s while a receiver of traces runs',
  'src/vscode/mcp-servers.ts timeout #soon': 'once after changes of configuration',
  'src/vscode/models/editor-models.ts timeout within': 'once, while the editor is asked for its models',
};

describe('timers', () => {
  it('that repeat are reviewed, and none wakes an idle editor', () => {
    const found = repeatingTimers(sourceFiles('src')).map(({ file, kind, in: name }) => `${file} ${kind} ${name}`);
    expect(found.toSorted(), 'Say in this file when it ends, or set no timer that repeats.').toEqual(Object.keys(reviewed).toSorted());
  });

  it('are found where they repeat by themselves, and not where they fire once', () => {
    const find = (text: string) => repeatingTimers([{ path: 'x.ts', text }]).map(({ kind, in: name }) => `${kind} ${name}`);
    expect(find('export class Poll {\n  #look(): void {\n    this.#timer = setTimeout(() => this.#look(), 100);\n  }\n}\n')).toEqual(['timeout #look']);
    expect(find('export class Poll {\n  #wait(): void {\n    setTimeout(() => void this.#look(), 100);\n  }\n\n  async #look(): Promise<void> {\n    await this.read();\n    this.#wait();\n  }\n}\n')).toEqual(['timeout #wait']);
    expect(find('function poll() {\n  setTimeout(poll, 10);\n}\n')).toEqual(['timeout poll']);
    expect(find('function once(ms: number) {\n  const timer = setInterval(() => undefined, ms);\n}\n')).toEqual(['interval once']);
    expect(find('export class Late {\n  #wait(): void {\n    setTimeout(() => this.#end(), 100);\n  }\n\n  #end(): void {\n    this.close();\n  }\n}\n')).toEqual([]);
    expect(find('// setInterval(() => look(), 10)\nfunction none() {\n  socket.setTimeout(100);\n}\n')).toEqual([]);
  });
});
