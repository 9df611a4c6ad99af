import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

/** A list whose end is on the screen stays at its end while it grows. */
export function useFollowEnd(scroller: RefObject<HTMLDivElement | null>, total: number): void {
  const atEnd = useRef(false);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && atEnd.current) element.scrollTop = element.scrollHeight;
  }, [total]);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const onScroll = () => {
      const reach = element.scrollHeight - element.clientHeight;
      atEnd.current = reach > 0 && element.scrollTop >= reach - 2;
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, []);
}
