/** What one test came to; the same lines cross from the extension host to the harness as JSON. */
export interface TestResult {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly ms: number;
  readonly error?: string;
  /** What was measured, to be printed with the result. */
  readonly notes?: readonly string[];
  /** Where it is declared, as far as that was said. */
  readonly file?: string;
}

/** `last`: the result counts as it is; a failure that is not the last word is run once more. */
export type OnResult = (result: TestResult, last: boolean) => void;

interface Hooks<Context> {
  readonly before: ((context: Context) => unknown)[];
  readonly after: ((context: Context) => unknown)[];
}

interface Test<Context> {
  readonly name: string;
  readonly body: (context: Context) => unknown;
  readonly timeoutMs: number;
  readonly skip: boolean;
}

interface Group<Context> extends Hooks<Context> {
  readonly name: string;
  readonly file?: string | undefined;
  readonly children: (Group<Context> | Test<Context>)[];
}

interface RunOptions {
  /** Only tests whose full name matches. */
  readonly grep?: string | undefined;
  readonly onResult?: (result: TestResult) => unknown;
  /** Nothing more of a file is run when something in it has failed: it is going to be run again as a whole. */
  readonly stopAtFailure?: boolean | undefined;
}

interface Running<Context> {
  readonly context: Context;
  readonly grep: RegExp | undefined;
  readonly report: (result: TestResult) => Promise<void>;
  readonly stopped: (file: string | undefined) => boolean;
}

/** What a busy machine may take at most for what takes a few seconds: whoever waits for one thing in a test gives up before. */
const defaultTimeoutMs = 120_000;

async function within(ms: number, work: () => unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No end within ${ms} ms`)), ms);
  });
  try {
    await Promise.race([Promise.resolve().then(work), expired]);
  } finally {
    clearTimeout(timer);
  }
}

/** With the cause: of what did not come in time, it says what was in the way. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack ?? error.message}${error.cause === undefined ? '' : `\nCaused by: ${error.cause instanceof Error ? error.cause.message : String(error.cause)}`}`;
}

/**
 * A small describe/it that runs inside the extension host as well as outside, without a test library in the bundle.
 * `Context` is handed to every test and hook.
 */
export class Spec<Context> {
  #root: Group<Context> = { name: '', children: [], before: [], after: [] };
  #current = this.#root;
  #notes: string[] = [];
  #file: string | undefined;

  /** Everything that is declared from now on stands in this file. */
  readonly inFile = (file: string): void => void (this.#file = file);

  readonly describe = (name: string, declare: () => void): void => {
    const parent = this.#current;
    const group: Group<Context> = { name, file: this.#file, children: [], before: [], after: [] };
    parent.children.push(group);
    this.#current = group;
    try {
      declare();
    } finally {
      this.#current = parent;
    }
  };

  readonly it = Object.assign(
    (name: string, body: (context: Context) => unknown, timeoutMs = defaultTimeoutMs): void => {
      this.#current.children.push({ name, body, timeoutMs, skip: false });
    },
    {
      skip: (name: string, body: (context: Context) => unknown): void => {
        this.#current.children.push({ name, body, timeoutMs: 0, skip: true });
      },
    },
  );

  /** Before all tests of the group. */
  readonly before = (body: (context: Context) => unknown): void => void this.#current.before.push(body);
  /** After all tests of the group, also when they failed. */
  readonly after = (body: (context: Context) => unknown): void => void this.#current.after.push(body);

  /** Prints a line with the result of the test that is running, such as a measurement. */
  readonly note = (line: string): void => void this.#notes.push(line);

  /** Whether anything that was declared since the last call matches. */
  matches(grep: string | undefined): boolean {
    return hasMatch(this.#root, '', new RegExp(grep ?? '', 'i'));
  }

  /** Drops what was declared since the last call. */
  forget(): Group<Context> {
    const root = this.#root;
    this.#root = { name: '', children: [], before: [], after: [] };
    this.#current = this.#root;
    return root;
  }

  /** Runs what was declared since the last call, in order, and forgets it. */
  async run(context: Context, { grep, onResult, stopAtFailure = false }: RunOptions = {}): Promise<readonly TestResult[]> {
    const root = this.forget();
    const results: TestResult[] = [];
    const failed = new Set<string | undefined>();
    const report = async (result: TestResult) => {
      results.push(result);
      if (result.status === 'failed') failed.add(result.file);
      // Awaited: a screenshot of a failure must be taken before the next test changes the screen.
      await onResult?.(result);
    };
    const stopped = (file: string | undefined) => stopAtFailure && failed.has(file);
    await this.#runGroup(root, '', { context, grep: grep === undefined ? undefined : new RegExp(grep, 'i'), report, stopped });
    return results;
  }

  async #runGroup(group: Group<Context>, prefix: string, running: Running<Context>): Promise<void> {
    const { context, grep, stopped } = running;
    if (grep && !hasMatch(group, prefix, grep)) return;
    const of = group.file === undefined ? {} : { file: group.file };
    const report = (result: TestResult) => running.report({ ...result, ...of });
    try {
      for (const hook of group.before) await within(defaultTimeoutMs, () => hook(context));
      for (const child of group.children) {
        if (stopped(group.file)) break;
        const name = `${prefix}${child.name}`;
        if ('children' in child) {
          if (!stopped(child.file)) await this.#runGroup(child, `${name} > `, running);
        } else if (!grep || grep.test(name)) {
          this.#notes = [];
          const result = await runTest(child, name, context);
          await report(this.#notes.length === 0 ? result : { ...result, notes: this.#notes });
        }
      }
    } catch (error) {
      await report({ name: `${prefix}(before)`, status: 'failed', ms: 0, error: textOf(error) });
    }
    for (const hook of group.after) {
      try {
        await within(defaultTimeoutMs, () => hook(context));
      } catch (error) {
        await report({ name: `${prefix}(after)`, status: 'failed', ms: 0, error: textOf(error) });
      }
    }
  }
}

function hasMatch<Context>(group: Group<Context>, prefix: string, grep: RegExp): boolean {
  return group.children.some((child) => ('children' in child ? hasMatch(child, `${prefix}${child.name} > `, grep) : grep.test(`${prefix}${child.name}`)));
}

async function runTest<Context>(test: Test<Context>, name: string, context: Context): Promise<TestResult> {
  if (test.skip) return { name, status: 'skipped', ms: 0 };
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  try {
    await within(test.timeoutMs, () => test.body(context));
    return { name, status: 'passed', ms: ms() };
  } catch (error) {
    return { name, status: 'failed', ms: ms(), error: textOf(error) };
  }
}
