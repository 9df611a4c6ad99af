import type { Attempt, LiveModel } from './attempt.ts';
import type { SeededTask } from './seeded-task.ts';

/** One row, and one item of `--json`. */
export interface TaskReport {
  readonly task: string;
  readonly pass: boolean;
  readonly problems: readonly string[];
  readonly verification: string;
  readonly turns: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars. */
  readonly cost: number | 'unpriced';
  readonly ms: number;
}

export function reportOf({ id }: SeededTask, { outcome, problems, turns, inputTokens, outputTokens, costUsd, ms }: Attempt): TaskReport {
  const { verification = 'none' } = (outcome.result ?? {}) as { readonly verification?: string };
  return { task: id, pass: problems.length === 0, problems, verification, turns, inputTokens, outputTokens, cost: costUsd ?? 'unpriced', ms: Math.round(ms) };
}

const columns = [['task', 16], ['pass', 5], ['verified', 11], ['turns', 6], ['tokens in', 10], ['tokens out', 11], ['cost', 10], ['time', 9]] as const;

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i < 3 ? cell.padEnd(columns[i]![1]) : cell.padStart(columns[i]![1]))).join(' ');
}

export function tableHead(live: LiveModel | undefined): string {
  const who = live ? `${live.model} at ${live.endpoint}` : 'Recorded answers. Their effects are real; tokens are estimated from the characters that went and came.';
  return `${who}\n\n${row(columns.map(([name]) => name))}`;
}

const costText = (cost: number | 'unpriced'): string => (cost === 'unpriced' ? cost : `$${cost.toFixed(4)}`);

export function reportLine({ task, pass, problems, verification, turns, inputTokens, outputTokens, cost, ms }: TaskReport): string {
  const line = row([task, pass ? 'yes' : 'NO', verification, String(turns), String(inputTokens), String(outputTokens), costText(cost), `${(ms / 1000).toFixed(1)} s`]);
  return [line, ...problems.map((problem) => `    ${problem.replaceAll('\n', '\n    ')}`)].join('\n');
}

export function summary(reports: readonly TaskReport[]): string {
  const sum = (of: (report: TaskReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  const cost = reports.some((report) => report.cost === 'unpriced') ? 'unpriced' : sum((report) => Number(report.cost));
  return `\n${sum(({ pass }) => (pass ? 1 : 0))} of ${reports.length} tasks done: ${sum(({ turns }) => turns)} turns, ${sum(({ inputTokens }) => inputTokens)} tokens in, ${sum(({ outputTokens }) => outputTokens)} out, ${costText(cost)}, ${(sum(({ ms }) => ms) / 1000).toFixed(1)} s.`;
}
