import type { RunOutcome } from '../../run/run-manager.ts';
import { describeError, fromErrorInfo, type ErrorInfo } from '../../shared/errors.ts';
import type { Bill, DestructionReport, NetworkReport, RunSummary, Span } from '../../shared/dto.ts';
import { formatDuration } from '../../shared/duration.ts';
import type { Style } from '../style.ts';
import { safeLines, wrap } from '../text.ts';
import { renderBill } from './bill-view.ts';
import { renderDestruction } from './destruction-view.ts';
import { renderNetwork } from './network-view.ts';
import { renderTrace } from './trace-view.ts';

export interface RunReport {
  readonly summary: RunSummary;
  readonly trace: readonly Span[];
  readonly destruction: DestructionReport;
  readonly network: NetworkReport;
  readonly bill: Bill;
}

/** Everything about a run but its result: trace, destruction report, bill. */
export function renderReport({ trace, destruction, network, bill }: RunReport, style: Style, width: number, maxSteps: number): readonly string[] {
  const section = (title: string, lines: readonly string[]) => ['', style.bold(title), ...lines];
  return [
    ...section('Trace', renderTrace(trace, style, width, maxSteps)),
    ...(network.hosts.length + network.refused.length === 0 ? [] : section('Network of pages', renderNetwork(network, style, width))),
    ...section('Destruction report', renderDestruction(destruction, style, width)),
    ...section('Bill', renderBill(bill, style, width)),
  ];
}

/** The error of a run with its place and what to do next. */
export function renderError(error: ErrorInfo, style: Style, width: number): readonly string[] {
  return safeLines(describeError(fromErrorInfo(error))).split('\n').flatMap((line) => wrap(line, width)).map((line, i) => (i === 0 ? style.bad(line) : line));
}

export function closingLine({ summary, destruction }: Pick<RunReport, 'summary' | 'destruction'>, style: Style): string {
  const { state, durationMs, id } = summary;
  const colour = state === 'done' && destruction.clean ? style.good : style.bad;
  const took = durationMs === undefined ? '' : ` in ${formatDuration(durationMs)}`;
  return `${colour(`${state}${took}`)}, ${destruction.clean ? 'nothing left behind' : 'something may be left behind'} (${id})`;
}

/** The document of `run --json`. */
export function reportJson(outcome: RunOutcome, report: RunReport, exitCode: number): object {
  const { id, state, clean, result, error } = outcome;
  return { run: id, state, clean, exitCode, ...(result === undefined ? {} : { result }), ...(error === undefined ? {} : { error }), ...report };
}
