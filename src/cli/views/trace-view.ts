import type { Span } from '../../shared/dto.ts';
import { formatDuration } from '../../shared/duration.ts';
import type { Style } from '../style.ts';
import { clip, displayWidth, oneLine, pad, wrap } from '../text.ts';
import { stepHint } from './step-hint.ts';

const marks: Readonly<Record<Span['status'], string>> = { ok: '✓', error: '✗', denied: '⊘', cancelled: '■', running: '…', unknown: '?' };
const timeWidth = 10;
const circularRemark = 'Its parent, as its program names it, is inside of it: it stands at the top instead.';

/** The trace as a tree, at most `maxLines` steps of it: status, name, start after the beginning of the run, duration. */
export function renderTrace(all: readonly Span[], style: Style, width: number, maxLines: number): readonly string[] {
  const spans = withoutEcho(all);
  const shown = spans.slice(0, maxLines);
  const origin = spans[0]?.startedAt ?? 0;
  const nameWidth = Math.max(12, width - 2 * timeWidth - 2);
  const lines = [style.dim(`${pad('step', nameWidth)}${pad('start', timeWidth, 'right')}${pad('took', timeWidth, 'right')}`)];
  const prefixes = treePrefixes(shown);
  shown.forEach((span, i) => {
    const label = `${prefixes[i]!.head}${marks[span.status]} ${oneLine(span.name)}`;
    const took = span.endedAt === undefined ? (span.status === 'running' ? 'running' : 'unknown') : formatDuration(span.endedAt - span.startedAt);
    const colour = span.status === 'ok' ? (text: string) => text : span.status === 'running' || span.status === 'unknown' ? style.warn : style.bad;
    const hint = clip(stepHint(span.input), Math.max(0, nameWidth - displayWidth(label) - 1));
    const name = hint === '' ? pad(label, nameWidth) : `${label} ${style.dim(pad(hint, nameWidth - displayWidth(label) - 1))}`;
    lines.push(`${colour(name)}${style.dim(pad(formatDuration(span.startedAt - origin), timeWidth, 'right'))}${pad(took, timeWidth, 'right')}`);
    const remarks = [...(span.circular ? [circularRemark] : []), ...(span.error ? [oneLine(span.error.message)] : [])];
    for (const text of remarks.flatMap((remark) => wrap(remark, Math.max(20, width - prefixes[i]!.below.length - 4)))) lines.push(style.dim(`${prefixes[i]!.below}    ${text}`));
  });
  if (spans.length > shown.length) lines.push(style.dim(`… and ${spans.length - shown.length} more steps; "runs show" has them all`));
  return lines;
}

/** A run that is one call of a tool bears the name of that tool: it is told once. */
function withoutEcho(spans: readonly Span[]): readonly Span[] {
  const [root, call, ...rest] = spans;
  if (root?.depth !== 0 || call?.depth !== 1 || call.name !== root.name || rest.some(({ depth }) => depth < 2)) return spans;
  return [call, ...rest].map((span) => ({ ...span, depth: span.depth - 1 }));
}

/** The lines of the tree before each name, and before what stands below it. Worked out from the end, where it is known what still follows. */
function treePrefixes(spans: readonly Span[]): readonly { readonly head: string; readonly below: string }[] {
  const prefixes: { head: string; below: string }[] = [];
  const open: boolean[] = [];
  for (let i = spans.length - 1; i >= 0; i--) {
    const { depth } = spans[i]!;
    open.length = depth + 1;
    const rails = Array.from({ length: Math.max(0, depth - 1) }, (_, level) => (open[level + 1] ? '│  ' : '   ')).join('');
    prefixes[i] = depth === 0 ? { head: '', below: '' } : { head: `${rails}${open[depth] ? '├─ ' : '└─ '}`, below: `${rails}${open[depth] ? '│  ' : '   '}` };
    open[depth] = true;
  }
  return prefixes;
}
