import { getQuickJS } from 'quickjs-emscripten';
import { compare, inTurns, type Row } from './measure.ts';
import { program, withOurSandboxes } from './our-sandbox.ts';

const rounds = 9;
/** Of all programs, ahead of the first: V8 decides by what an engine has run before how it compiles it, and no side shall be made for one program only. */
const rehearsals = 3;

/** Statements that end with a number in `r`. */
const work: Readonly<Record<string, string>> = {
  'fib(26)': 'const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2)); const r = fib(26);',
  '200,000 objects': 'const l = []; for (let i = 0; i < 200000; i++) l.push({ i, name: "n" + i, at: [i, i + 1] }); let r = 0; for (const o of l) r += o.at[1] + o.name.length;',
  'JSON there and back': 'const v = Array.from({ length: 4000 }, (_, i) => ({ id: i, name: "item " + i, tags: ["a", "b"], price: i / 7 })); let r = 0; for (let i = 0; i < 8; i++) r += JSON.parse(JSON.stringify(v)).length;',
  'strings and patterns': 'let s = ""; for (let i = 0; i < 60000; i++) s += "word" + (i % 97) + " "; let r = 0; for (const m of s.matchAll(/word(\\d+)/g)) r += m[1].length; r += s.split(" ").map((w) => w.toUpperCase()).join("-").length;',
  'sorting and maps': 'let seed = 1; const l = Array.from({ length: 60000 }, () => (seed = seed * 16807 % 2147483647)); l.sort((a, b) => a - b); const m = new Map(); for (const x of l) m.set(x % 5003, (m.get(x % 5003) ?? 0) + 1); const r = m.size + l[7];',
};

/** Code that only computes: a sandbox from start to gone against the plain library, new runtime and all. */
export async function cpuRows(): Promise<readonly Row[]> {
  const quickjs = await getQuickJS();
  const peer = (source: string) => () => {
    using runtime = quickjs.newRuntime();
    using context = runtime.newContext();
    context.unwrapResult(context.evalCode(`(() => { ${source} return r; })()`)).dispose();
    return Promise.resolve();
  };
  return withOurSandboxes(async ({ inProduct }) => {
    const rows: Row[] = [];
    const tasks = Object.entries(work).map(([name, source]) => ({ name, ours: program(`export default () => { ${source} return r; };`), peer: peer(source) }));
    for (let i = 0; i < rehearsals; i++) {
      for (const task of tasks) {
        await inProduct(task.ours);
        await task.peer();
      }
    }
    for (const { name, ours, peer } of tasks) {
      const times = await inTurns([{ name: 'ours', work: () => inProduct(ours) }, { name: 'peer', work: peer }], rounds, 3);
      rows.push(compare({ bench: `computing: ${name}`, unit: 'ms', ours: times.get('ours')!, peer: times.get('peer')!, peerName: 'quickjs-emscripten 0.32.0 alone', target: 1.05 }));
    }
    const ratio = Math.exp(rows.reduce((sum, row) => sum + Math.log(row.ratio), 0) / rows.length);
    return [...rows, { bench: 'computing: geometric mean', unit: 'ratio', ours: ratio, peer: 1, peerName: 'quickjs-emscripten 0.32.0 alone', ratio, n: rounds, target: 1.05 }];
  });
}
