import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

export interface RowWindow {
  readonly first: number;
  /** Not included. */
  readonly end: number;
  readonly rowHeight: number;
  /** Whole rows that fit. */
  readonly perScreen: number;
  /** The most rows that there are at a time: no two of them are the same modulo this. */
  readonly slots: number;
}

/** Rows beyond the edges, so that a fast scroll shows rows and not gaps. */
const margin = 8;
/** Of the row's height to the font's size, as in the editor's own lists (22 to 13). */
const rowToFont = 22 / 13;

/** Which rows of a scroller are on the screen. Their number depends on its height only, never on how many rows there are. */
export function useWindow(scroller: RefObject<HTMLDivElement | null>, total: number): RowWindow {
  const view = useSignal({ top: 0, height: 0, rowHeight: 22 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    let frame = 0;
    const measure = () => {
      frame = 0;
      const rowHeight = Math.max(16, Math.round(parseFloat(getComputedStyle(element).fontSize) * rowToFont));
      const { top, height, rowHeight: before } = view.value;
      if (top !== element.scrollTop || height !== element.clientHeight || before !== rowHeight) view.value = { top: element.scrollTop, height: element.clientHeight, rowHeight };
    };
    const later = () => (frame ||= requestAnimationFrame(measure));
    const size = new ResizeObserver(later);
    size.observe(element);
    element.addEventListener('scroll', later, { passive: true });
    measure();
    return () => {
      cancelAnimationFrame(frame);
      size.disconnect();
      element.removeEventListener('scroll', later);
    };
  }, [scroller]);
  const { top, height, rowHeight } = view.value;
  const perScreen = Math.max(1, Math.floor(height / rowHeight));
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight), total - perScreen) - margin);
  const slots = perScreen + 1 + 2 * margin;
  return { first, end: Math.min(total, first + slots), rowHeight, perScreen, slots };
}
