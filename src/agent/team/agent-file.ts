import * as yaml from 'yaml';
import * as z from 'zod';
import { parseGrant } from '../../policy/grant.ts';
import { AssassinError, toErrorInfo, type ErrorInfo, type SourceLocation } from '../../shared/errors.ts';
import type { JsonSchema } from '../../shared/json.ts';
import { plainWords } from '../../shared/plain-issue.ts';
import { executorNames } from '../executors/executor.ts';
import { patternNames, type AgentDefinition, type BrokenAgent } from './agent-definition.ts';
import { valueCheck } from './value-check.ts';

const amount = z.number().min(0);
const names = z.array(z.string().min(1).max(200)).min(1).max(50);

const frontMatter = z.strictObject({
  description: z.string().min(1).max(2000),
  role: z.string().min(1).max(20_000).optional(),
  tools: z.array(z.string().min(1).max(300)).max(200).optional(),
  model: z.string().min(1).max(300).optional(),
  executor: z.enum(executorNames).optional(),
  output: z.union([z.boolean(), z.record(z.string(), z.json())]).optional(),
  grants: z.array(z.string()).max(200).default([]),
  budget: z.strictObject({ wallMs: amount, steps: amount, moneyUsd: amount, tokens: amount, browserSeconds: amount, egressBytes: amount }).partial().optional(),
  maxTurns: z.int().min(1).max(500).optional(),
  worktree: z.boolean().default(false),
  topics: z.array(z.string().regex(/^[a-z][\w.-]{0,63}$/i)).max(20).default([]),
  pattern: z.enum(patternNames).optional(),
  agents: names.optional(),
  rounds: z.int().min(1).max(10).default(2),
});

/** The fields of the front matter, for people and for completion. */
export const agentFields: Readonly<Record<keyof z.infer<typeof frontMatter>, string>> = {
  description: 'What it does, in one sentence; whoever delegates chooses by it.',
  role: 'What it is told about itself; the text below the front matter where absent.',
  tools: 'Names of tools that it may use, such as workspace.readFile or mcp.github.*; every tool where absent.',
  model: 'provider/model; that of the run which asks where absent.',
  executor: 'How it works: code-act, react or basic.',
  output: 'JSON Schema that its answer must fit.',
  grants: 'What it may do at most beside reading the workspace, such as "fs.write src/**". It never gets more than the run that asks has.',
  budget: 'Limits of its run: tokens, moneyUsd, wallMs, steps, browserSeconds, egressBytes. It draws from what is left to the run that asks.',
  maxTurns: 'Turns that it may take.',
  worktree: 'true: it edits a copy of the repository, and its changes come back together at its end.',
  topics: 'Topics whose messages are given to it as tasks.',
  pattern: 'chain, parallel, route or reflect: it lets the agents named in "agents" work.',
  agents: 'The agents of its pattern.',
  rounds: 'How often reflect lets the work be judged at most.',
};

export interface AgentSource {
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Why it could not be read. */
  readonly problem?: ErrorInfo;
}

/** Reads an agent's file. A file with a mistake gives every mistake with its line and field; nothing of it is used. */
export function readAgent({ path, text, problem }: AgentSource, workspace: string): AgentDefinition | BrokenAgent {
  const name = agentName(path);
  if (problem !== undefined) return { name, path, problems: [{ location: { file: path, line: 1, column: 1 }, ...problem }] };
  const problems: ErrorInfo[] = [];
  const report = (message: string, hint: string, line: number, column: number, field?: string) => {
    problems.push(toErrorInfo(new AssassinError('invalid-config', message, { hint, location: { file: path, line, column }, data: { agent: name, ...(field === undefined ? {} : { field }) } })));
  };
  const broken = (): BrokenAgent => {
    const [first, ...more] = problems.toSorted((a, b) => (a.location?.line ?? 0) - (b.location?.line ?? 0));
    return { name, path, problems: [first!, ...more] };
  };
  const parts = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)(?:^---[ \t]*(?:\r?\n|$))([\s\S]*)$/m.exec(text);
  if (!/^\uFEFF?---[ \t]*\r?\n/.test(text) || !parts) {
    report(`${path} has no front matter.`, 'Begin the file with "---", the fields, and "---" again.', 1, 1);
    return broken();
  }
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(parts[1]!, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  /** The front matter begins in the second line of the file. */
  const placeOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return [line + 1, Math.max(1, col)] as const;
  };
  for (const { message, pos } of document.errors) report(`The front matter cannot be read: ${message}`, 'Write it as YAML: one "field: value" a line.', ...placeOf(pos[0]));
  if (problems.length > 0) return broken();
  const placeIn = (at: readonly PropertyKey[]): readonly [number, number] => {
    for (let path_ = [...at]; path_.length > 0; path_ = path_.slice(0, -1)) {
      const node: unknown = document.getIn(path_, true);
      if (yaml.isNode(node) && node.range) return placeOf(node.range[0]);
    }
    return [1, 1];
  };
  const locate = (at: readonly PropertyKey[]): SourceLocation => {
    const [line, column] = placeIn(at);
    return { file: path, line, column };
  };
  const parsed = frontMatter.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) report(`There is no field "${[...issue.path, key].join('.')}".`, issue.path.length === 0 ? `An agent may have ${Object.keys(agentFields).join(', ')}.` : 'Remove it.', ...keyPlace(document, [...issue.path, key], placeOf), [...issue.path, key].join('.'));
      } else {
        const field = issue.path.join('.');
        report(`${field}: ${plainWords(issue)}.`, agentFields[String(issue.path[0]) as keyof typeof agentFields] ?? 'See docs/agents.md.', ...placeIn(issue.path), field);
      }
    }
    return broken();
  }
  const { role: written, pattern, agents = [], rounds, output, ...data } = parsed.data;
  const role = (written ?? parts[2]!).trim();
  data.grants.forEach((grant, i) => {
    try {
      parseGrant(grant, workspace);
    } catch (error) {
      const { message, hint = '' } = toErrorInfo(error);
      report(message, hint, ...placeIn(['grants', i]), `grants.${i}`);
    }
  });
  if (output !== undefined) {
    const check = valueCheck(output as JsonSchema);
    if (typeof check === 'string') report(`output ${check}.`, 'Write a JSON Schema, for example { type: object, properties: { ok: { type: boolean } } }.', ...placeIn(['output']), 'output');
  }
  if (role === '' && (pattern === undefined || pattern === 'route')) report('It has no role.', 'Say below the front matter who the agent is and how it works.', 1, 1, 'role');
  if (pattern !== undefined && agents.length < 2) report(`The pattern ${pattern} needs at least two agents.`, 'Name them: agents: [writer, reviewer].', ...placeIn(['pattern']), 'agents');
  if (pattern === 'reflect' && agents.length > 2) report('The pattern reflect takes two agents: the one who works and the one who judges.', 'Name those two.', ...placeIn(['agents']), 'agents');
  if (pattern === undefined && agents.length > 0) report('"agents" says nothing without a pattern.', `Add pattern: ${patternNames.join(', ')}.`, ...placeIn(['agents']), 'agents');
  if (problems.length > 0) return broken();
  const { tools, model, executor, budget, maxTurns } = data;
  return {
    name, path, role, description: data.description, grants: data.grants, worktree: data.worktree, topics: data.topics,
    ...(tools === undefined ? {} : { tools }), ...(model === undefined ? {} : { model }), ...(executor === undefined ? {} : { executor }),
    ...(output === undefined ? {} : { output: output as JsonSchema }), ...(budget === undefined ? {} : { budget: withoutAbsent(budget) }), ...(maxTurns === undefined ? {} : { maxTurns }),
    ...(pattern === undefined ? {} : { pattern: { kind: pattern, agents, places: agents.map((_name, i) => locate(['agents', i])), rounds } }),
  };
}

export function agentName(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.md$/, '');
}

function keyPlace(document: yaml.Document, path: readonly PropertyKey[], placeOf: (offset: number) => readonly [number, number]): readonly [number, number] {
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const pair = yaml.isMap(parent) ? parent.items.find(({ key }) => yaml.isScalar(key) && key.value === path.at(-1)) : undefined;
  return yaml.isScalar(pair?.key) && pair.key.range ? placeOf(pair.key.range[0]) : [1, 1];
}

function withoutAbsent<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
