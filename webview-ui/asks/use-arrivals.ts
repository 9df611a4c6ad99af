import { useEffect, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';

/** True where keys that are pressed now are meant for something else than what has just appeared. */
function isTyping(): boolean {
  const element = document.activeElement;
  return element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
}

/** The first of these that there is, in this order and not in that of the page. The conversation comes before its box: who writes is not led on to the next question. */
function firstOf(...selectors: readonly string[]): HTMLElement | null {
  const [selector, ...others] = selectors;
  return selector === undefined ? null : (document.querySelector<HTMLElement>(selector) ?? firstOf(...others));
}

/**
 * What stands around a card grows while it comes, and would push it out of sight again. Ends with the first intent of the person to look elsewhere.
 * Gives back its end, and takes that of the one before.
 */
function keepInSight(heading: HTMLElement, before?: () => void): () => void {
  before?.();
  const show = () => heading.scrollIntoView({ block: 'nearest' });
  const growth = new ResizeObserver(show);
  for (let element: HTMLElement | null = heading; element; element = element.parentElement) growth.observe(element);
  const intents = ['wheel', 'keydown', 'pointerdown', 'touchmove'] as const;
  const end = () => {
    growth.disconnect();
    for (const intent of intents) window.removeEventListener(intent, end, true);
  };
  for (const intent of intents) window.addEventListener(intent, end, { capture: true, passive: true });
  show();
  return end;
}

/**
 * Brings what has begun to wait into sight, and the focus to its heading: never out of a text that is being written, never from another part of
 * the editor, and never onto a button that allows something. When an answer has taken its card away, the focus goes on to the next one.
 */
export function useArrivals(ids: readonly string[], list: RefObject<HTMLElement | null>): void {
  const known = useRef<ReadonlySet<string>>(new Set());
  const inside = useRef(false);
  const settle = useRef<(() => void) | undefined>(undefined);
  const all = ids.join(' ');
  useEffect(() => () => settle.current?.(), []);
  useEffect(() => {
    const fresh = ids.find((id) => !known.current.has(id));
    const lost = inside.current && document.activeElement === document.body;
    const target = fresh ?? (lost ? ids[0] : undefined);
    known.current = new Set(ids);
    const heading = target === undefined ? undefined : document.getElementById(target);
    if (heading) settle.current = keepInSight(heading, settle.current);
    if (heading && document.hasFocus() && !isTyping()) heading.focus();
    // The answer may be given while the person has opened a list of choices, which closes when it loses the focus.
    else if (lost && ids.length === 0 && document.hasFocus()) firstOf('.chat', '[role="tab"][aria-selected="true"]', '.composer-text')?.focus({ preventScroll: true });
    if (ids.length === 0) inside.current = false;
  }, [all]);
  useEffect(() => {
    const element = list.current;
    if (!element) return undefined;
    const note = () => (inside.current = true);
    const leave = (event: FocusEvent) => {
      // A card that goes takes the focus with it to nowhere; that is not leaving.
      if (event.relatedTarget instanceof Node && !element.contains(event.relatedTarget)) inside.current = false;
    };
    element.addEventListener('focusin', note);
    element.addEventListener('focusout', leave);
    return () => {
      element.removeEventListener('focusin', note);
      element.removeEventListener('focusout', leave);
    };
  }, [ids.length > 0]);
}
