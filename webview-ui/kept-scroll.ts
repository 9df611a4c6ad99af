import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Kept } from './state/kept.ts';
import { useSession } from './state/use-session.ts';

const settleMs = 200;

/** The part of the page that scrolls, put back to where it was when the page is made anew. */
export function useKeptScroll(tab: keyof Kept['scroll']) {
  const { kept } = useSession();
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const scroller = element.current;
    if (!scroller) return undefined;
    const wanted = kept.value.scroll[tab];
    let timer: number | undefined;
    // The content comes in several answers: the place exists only once the page has grown to it.
    const growth = new ResizeObserver(() => {
      if (scroller.scrollTop < wanted) scroller.scrollTop = wanted;
      if (scroller.scrollTop >= wanted) growth.disconnect();
    });
    if (wanted > 0 && scroller.firstElementChild) growth.observe(scroller.firstElementChild);
    const onScroll = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => kept.update({ scroll: { ...kept.value.scroll, [tab]: scroller.scrollTop } }), settleMs);
    };
    const onIntent = () => growth.disconnect();
    scroller.addEventListener('scroll', onScroll, { passive: true });
    scroller.addEventListener('wheel', onIntent, { passive: true });
    scroller.addEventListener('keydown', onIntent);
    return () => {
      window.clearTimeout(timer);
      growth.disconnect();
      scroller.removeEventListener('scroll', onScroll);
      scroller.removeEventListener('wheel', onIntent);
      scroller.removeEventListener('keydown', onIntent);
    };
  }, [tab]);
  return element;
}
