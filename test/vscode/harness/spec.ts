/** What one test came to; the same lines cross from the extension host to the harness as JSON. */
export interface TestResult {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly ms: number;
  readonly error?: string;
  /** What was measured, to be printed with the result. */
  readonly notes?: readonly string[];
}

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
  readonly children: (Group<Context> | Test<Context>)[];
}

interface RunOptions {
  /** Only tests whose full name matches. */
  readonly grep?: string | undefined;
  readonly onResult?: (result: TestResult) => unknown;
}

const defaultTimeoutMs = 30_000;

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

const textOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/**
 * A small describe/it that runs inside the extension host as well as outside, without a test library in the bundle.
 * `Context` is handed to every test and hook.
 */
export class Spec<Context> {
  #root: Group<Context> = { name: '', children: [], before: [], after: [] };
  #current = this.#root;
  #notes: string[] = [];

  readonly describe = (name: string, declare: () => void): void => {
    const parent = this.#current;
    const group: Group<Context> = { name, children: [], before: [], after: [] };
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
  async run(context: Context, { grep, onResult }: RunOptions = {}): Promise<readonly TestResult[]> {
    const root = this.forget();
    const results: TestResult[] = [];
    const report = async (result: TestResult) => {
      results.push(result);
      // Awaited: a screenshot of a failure must be taken before the next test changes the screen.
      await onResult?.(result);
    };
    await this.#runGroup(root, '', context, grep === undefined ? undefined : new RegExp(grep, 'i'), report);
    return results;
  }

  async #runGroup(group: Group<Context>, prefix: string, context: Context, grep: RegExp | undefined, report: (result: TestResult) => Promise<void>): Promise<void> {
    if (grep && !hasMatch(group, prefix, grep)) return;
    try {
      for (const hook of group.before) await within(defaultTimeoutMs, () => hook(context));
      for (const child of group.children) {
        const name = `${prefix}${child.name}`;
        if ('children' in child) await this.#runGroup(child, `${name} > `, context, grep, report);
        else if (!grep || grep.test(name)) {
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
