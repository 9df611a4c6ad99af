import { structuredPatch } from 'diff';
import type { ComparedSide, ComparedStep, RunComparison, StepFacts } from '../../shared/comparison.ts';
import { formatDuration } from '../../shared/duration.ts';
import { formatUsd } from '../../shared/money.ts';
import { wholeNumber } from '../../shared/whole-number.ts';
import type { Style } from '../style.ts';
import { oneLine } from '../text.ts';
import { renderTable } from './table.ts';

/** Lines of the difference of two results; the whole of them is in `--json`. */
const mostLines = 60;
const diffMs = 1000;

/** Two runs side by side as a terminal shows them. */
export function renderComparison({ a, b, steps, sameResult }: RunComparison, [resultA, resultB]: readonly [string, string], style: Style, width: number): readonly string[] {
  const facts = renderTable([{ title: '' }, { title: 'a', min: 22 }, { title: 'b', min: 22 }, { title: 'difference', align: 'right' }], factRows(a, b), width);
  const rows = steps.map((step) => [`${'  '.repeat(Math.min(step.depth, 12))}${marks(step)} ${nameOf(step)}`, timeOf(step.a), timeOf(step.b), useOf(step.a), useOf(step.b), step.differences.join(', ')]);
  const right = 'right' as const;
  const table = renderTable([{ title: 'step', min: 20 }, { title: 'a', align: right }, { title: 'b', align: right }, { title: 'a used', align: right }, { title: 'b used', align: right }, { title: 'different', min: 9 }], rows, width);
  return [...facts, '', ...(steps.length === 0 ? ['No step is different.'] : table), '', style.bold('Result'), ...(sameResult ? ['The same.'] : resultLines(resultA, resultB, style))];
}

function factRows(a: ComparedSide, b: ComparedSide): readonly (readonly string[])[] {
  const number = (name: string, of: (side: ComparedSide) => number | undefined, shown: (value: number) => string) => {
    const [one, other] = [of(a), of(b)];
    const text = (value: number | undefined) => (value === undefined ? '' : shown(value));
    return [name, text(one), text(other), one === undefined || other === undefined ? '' : `${other < one ? '-' : '+'}${shown(Math.abs(other - one))}`];
  };
  const priced = (side: ComparedSide) => (side.costMark === 'unknown' ? undefined : side.costUsd);
  const [, costA = '', costB = '', costDifference = ''] = number('cost', priced, formatUsd);
  return [
    ['run', a.id, b.id, ''], ['title', oneLine(a.title), oneLine(b.title), ''], ['state', a.state, b.state, a.state === b.state ? '' : 'different'],
    number('took', ({ durationMs }) => durationMs, formatDuration), number('steps', ({ steps }) => steps, String), number('tokens', ({ tokens }) => tokens, wholeNumber),
    ['cost', costA === '' ? 'unpriced' : `${costA} (${a.costMark})`, costB === '' ? 'unpriced' : `${costB} (${b.costMark})`, costDifference],
  ];
}

function marks({ a, b }: ComparedStep): string {
  return a === undefined ? '+' : b === undefined ? '-' : ' ';
}

function nameOf({ a, b }: ComparedStep): string {
  if (a && b && a.name !== b.name) return oneLine(`${a.name} / ${b.name}`);
  return oneLine((a ?? b)?.name ?? '');
}

function timeOf(facts: StepFacts | undefined): string {
  if (facts === undefined) return '';
  const time = facts.ms === undefined ? '' : formatDuration(facts.ms);
  return facts.status === 'ok' ? time : `${facts.status} ${time}`.trim();
}

function useOf(facts: StepFacts | undefined): string {
  if (facts?.tokens === undefined) return '';
  return `${wholeNumber(facts.tokens)} tokens, ${facts.costUsd === undefined ? 'unpriced' : formatUsd(facts.costUsd)}`;
}

function resultLines(a: string, b: string, style: Style): readonly string[] {
  const patch = structuredPatch('a', 'b', a, b, undefined, undefined, { context: 2, timeout: diffMs });
  if (!patch) return ['The results have too little in common to be compared line by line; see --json.'];
  const lines = patch.hunks.flatMap((hunk, i) => [...(i === 0 ? [] : ['  …']), ...hunk.lines.filter((line) => !line.startsWith('\\'))]);
  const shown = lines.slice(0, mostLines).map((line) => {
    const text = `${line.slice(0, 1)} ${oneLine(line.slice(1).replace(/^ +/, (blank) => blank))}`;
    return line.startsWith('+') ? style.good(text) : line.startsWith('-') ? style.bad(text) : text;
  });
  return lines.length > mostLines ? [...shown, style.dim(`… and ${lines.length - mostLines} more lines; --json has all of it`)] : shown;
}
