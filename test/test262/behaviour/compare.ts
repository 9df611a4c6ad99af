import type { SandboxFactory } from '../../../src/sandbox/sandbox-factory.ts';
import { endInSandbox } from './in-sandbox.ts';
import { PlainEngine } from './in-plain-engine.ts';
import { passes, testProgram, type TestEnd } from './program.ts';
import { leftOut, type LeftOut } from './selection.ts';
import { readTest, type TestFile } from './test-file.ts';

export interface LostTest {
  readonly name: string;
  /** How it ended in the sandbox. */
  readonly end: TestEnd;
}

export interface BehaviourComparison {
  readonly total: number;
  readonly ours: number;
  readonly plain: number;
  /** Pass in quickjs-emscripten alone, and not in a sandbox. */
  readonly lost: readonly LostTest[];
  /** Pass in a sandbox, and not in quickjs-emscripten alone. */
  readonly won: readonly string[];
  readonly leftOut: ReadonlyMap<LeftOut, number>;
}

const atOnce = 4;

/** Runs each test twice: in a sandbox, with all that comes before its engine, and in quickjs-emscripten alone. */
export async function compareBehaviour(factory: SandboxFactory, suite: string, names: readonly string[], tell?: (done: number) => void): Promise<BehaviourComparison> {
  const { tests, left } = chosen(suite, names);
  const plainEngine = new PlainEngine();
  const lost: LostTest[] = [];
  const won: string[] = [];
  let [ours, plain, done] = [0, 0, 0];
  const queue = tests.values();
  const work = async () => {
    for (const test of queue) {
      const program = testProgram(suite, test);
      const end = await endInSandbox(factory, program);
      const [here, there] = [passes(test, end), passes(test, await plainEngine.end(program))];
      if (here) ours += 1;
      if (there) plain += 1;
      if (there && !here) lost.push({ name: test.name, end });
      if (here && !there) won.push(test.name);
      tell?.((done += 1));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { total: tests.length, ours, plain, lost, won, leftOut: left };
}

function chosen(suite: string, names: readonly string[]): { readonly tests: readonly TestFile[]; readonly left: ReadonlyMap<LeftOut, number> } {
  const left = new Map<LeftOut, number>();
  const tests = names.map((name) => readTest(suite, name)).filter((test) => {
    const why = leftOut(test);
    if (why !== undefined) left.set(why, (left.get(why) ?? 0) + 1);
    return why === undefined;
  });
  return { tests, left };
}
