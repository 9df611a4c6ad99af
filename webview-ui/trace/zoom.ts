import type { TimeWindow } from '../state/trace-model.ts';

/** Less than this is not told apart by the clock of the host. */
const narrowestMs = 1;

/** The window made narrower or wider by `factor` around `about`, or around its middle where that is not in sight; `undefined` where it is the whole. */
export function narrowed(shown: TimeWindow, whole: TimeWindow, factor: number, about: number | undefined): TimeWindow | undefined {
  const width = Math.max(narrowestMs, (shown.to - shown.from) * factor);
  if (width >= whole.to - whole.from) return undefined;
  const middle = about !== undefined && about >= shown.from && about <= shown.to ? about : (shown.from + shown.to) / 2;
  const from = Math.min(Math.max(whole.from, middle - width / 2), whole.to - width);
  return { from, to: from + width };
}

/** The window moved by a share of its width, and not beyond the run. */
export function shifted({ from, to }: TimeWindow, whole: TimeWindow, share: number): TimeWindow {
  const width = to - from;
  const moved = Math.min(Math.max(whole.from, from + width * share), whole.to - width);
  return { from: moved, to: moved + width };
}
