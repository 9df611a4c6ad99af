import type { Random } from './random.ts';

/** What a run does that the chaos is about. Each has effects that are seen outside of the product, each with a key of its own. */
export const jobKinds = ['post', 'write', 'exec', 'mcp', 'page', 'agent'] as const;
export type JobKind = (typeof jobKinds)[number];

export interface Job {
  readonly key: string;
  readonly kind: JobKind;
}

/** Effects of one run. */
export const effectsPerRun = 3;

export function makeJobs(runs: number, random: Random): readonly Job[] {
  return Array.from({ length: runs }, (_, i) => ({ key: `k${String(i).padStart(4, '0')}`, kind: jobKinds[i < jobKinds.length ? i : random.below(jobKinds.length)]! }));
}

const head = 'import { agents, browser, exec, http, mcp, workspace } from "assassin";\n';
const times = (body: string) => `for (let i = 0; i < ${effectsPerRun}; i++) { const k = input.key + "-" + i; ${body} let n = 0; for (let j = 0; j < 20000; j++) n += j; }`;
const chain = (grants: readonly string[], body: string) => `${head}export const meta = { grants: ${JSON.stringify(grants)} };\nexport default async function (input: any) {\n${body}\nreturn input.key;\n}\n`;

export interface Surroundings {
  /** The site that counts, and serves pages. */
  readonly origin: string;
  readonly node: string;
}

/** The files of the workspace. A chain for each kind of run; the one of agents has none, it is a task. */
export function workspaceFiles({ origin, node }: Surroundings): Readonly<Record<string, string>> {
  const url = JSON.stringify(`${origin}/effect`);
  return {
    '.assassin/chains/post.ts': chain([`net ${origin}`], times(`await http.post(${url}, k);`)),
    '.assassin/chains/write.ts': chain(['fs.write out/**'], times('await workspace.writeFile("out/" + k + ".txt", k);')),
    '.assassin/chains/exec.ts': chain([`exec ${node} append.cjs *`], times(`await exec([${JSON.stringify(node)}, "append.cjs", k]);`)),
    '.assassin/chains/mcp.ts': chain(['mcp sink:send'], times('await mcp.sink.send({ text: k });')),
    '.assassin/chains/page.ts': chain(['browser', `net ${origin}`], `await using page = await browser.open(${JSON.stringify(`${origin}/page`)});\n${times(`await page.evaluate('fetch(${JSON.stringify(`${origin}/effect`)}, { method: "POST", body: "' + k + '" }).then(() => 1)');`)}`),
    '.assassin/agents/editor.md': '---\ndescription: Edits a file\nworktree: true\ngrants: ["fs.write docs/**"]\n---\nYou edit files.\n',
    'append.cjs': 'require("node:fs").appendFileSync("appended.log", process.argv[2] + "\\n");\n',
    'docs/index.md': '# Docs\n',
    '.gitignore': 'out/\nappended.log\nsink.log\n',
  };
}
