/** What the mouse did before an action, as far as the action needs it. */
export interface PointerHistory {
  /** Where the mouse had to rest for what is about to be used to be seen, first one first: each as the elements from the one under the mouse outwards. Once each. */
  readonly hoversFor: (path: readonly Element[]) => readonly (readonly Element[])[];
  /** How was scrolled when what is about to be used came into the page: a step of it, and in what; `undefined` where it was there before. */
  readonly scrollFor: (path: readonly Element[]) => { readonly within: Element | undefined; readonly dx: number; readonly dy: number } | undefined;
  /** Something was done: what appears from now on appears because of that. */
  readonly acted: () => void;
}

/** Follows the mouse in a page. Sent there as source text (see record-script.ts). */
export function pointerHistory(): PointerHistory {
  interface Rest { readonly path: readonly Element[]; acted: boolean; told: boolean }
  const things = 'a,button,input,select,textarea,summary,label,li,td,img,[role],[onclick],[tabindex]';
  /** After so long a menu that waits before it opens is open. */
  const restMs = 400;
  /** What the mouse brings about begins within this. */
  const freshMs = 2000;
  const manyThings = 2000;
  const roots = new Set<Document | ShadowRoot>([document]);
  let shown = new Set<Element>();
  /** Because of which rest something was first seen. */
  const shownBy = new WeakMap<Element, Rest>();
  let rest: Rest | undefined;
  /** Whether the page was complete when it was looked at last. */
  let built = false;
  let restAt = 0;
  let looked = 0;
  let cost = 0;
  let later: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    const began = performance.now();
    // A page of very many things, or one that moves all the time, is looked at less often.
    if (began - looked < 4 * cost && (shown.size > manyThings || began - restAt > freshMs)) return;
    const now = new Set<Element>();
    for (const root of roots) for (const each of root.querySelectorAll(things)) if (each.checkVisibility({ visibilityProperty: true }) && each.getClientRects().length > 0) now.add(each);
    for (const each of now) {
      if (shown.has(each)) continue;
      // What is still being built was not brought about by the mouse.
      if (rest !== undefined && !rest.acted && built && began - restAt < freshMs) shownBy.set(each, rest);
      else shownBy.delete(each);
    }
    shown = now;
    built = document.readyState === 'complete';
    looked = performance.now();
    cost = looked - began;
  };
  /** Belongs together: in one part of the page, or said to be so. Else what a slow server sends would be taken for the work of the mouse. */
  const related = (target: Element, path: readonly Element[]): boolean => {
    if (path.some((each) => each.matches('[aria-haspopup],[aria-expanded],[aria-controls],[aria-describedby]'))) return true;
    const common = path.find((each) => each.contains(target) || (each.shadowRoot?.contains(target) ?? false));
    // A short page is no part of itself.
    if (common === document.body || common === document.documentElement) return false;
    const { width, height } = common?.getBoundingClientRect() ?? { width: innerWidth, height: innerHeight };
    return width * height <= (innerWidth * innerHeight) / 2;
  };
  const hoversFor = (path: readonly Element[]): readonly (readonly Element[])[] => {
    const found: (readonly Element[])[] = [];
    for (let at: readonly Element[] | undefined = path; at !== undefined && found.length < 5;) {
      const thing: Element | undefined = at.find((each) => shownBy.has(each));
      const by: Rest | undefined = thing && shownBy.get(thing);
      // Whoever goes to what lies in it comes over it anyway.
      if (thing === undefined || by === undefined || by.told || by.path[0]!.contains(thing) || !by.path[0]!.isConnected || !related(thing, by.path)) break;
      by.told = true;
      found.unshift(by.path);
      at = by.path;
    }
    return found;
  };

  /** So long after the last turn of the wheel what comes under the mouse comes by itself. */
  const rollsMs = 300;
  let scrolledAt = Number.NEGATIVE_INFINITY;
  let scrolled: { readonly before: WeakSet<Element>; readonly within: Element | undefined; dx: number; dy: number } | undefined;
  const scrolls = (path: readonly Element[], dx: number, dy: number) => {
    const within = path.find((each) => each !== document.body && each !== document.documentElement && (each.scrollHeight > each.clientHeight || each.scrollWidth > each.clientWidth) && /auto|scroll/.test(getComputedStyle(each).overflow));
    if (scrolled === undefined || scrolled.within !== within) scrolled = { before: new WeakSet([...roots].flatMap((root) => [...root.querySelectorAll('*')])), within, dx: 0, dy: 0 };
    scrolled.dx += dx;
    scrolled.dy += dy;
    scrolledAt = performance.now();
    if (rest !== undefined) rest.acted = true;
  };
  const scrollFor: PointerHistory['scrollFor'] = ([target]) => {
    if (scrolled === undefined || target === undefined || scrolled.before.has(target)) return undefined;
    const { within, dx, dy } = scrolled;
    // Steps that show each part once, however fast the wheel was turned.
    const step = (way: number, size: number) => Math.sign(way) * Math.max(1, Math.round(size * 0.8));
    return Math.abs(dy) >= Math.abs(dx) ? { within, dx: 0, dy: step(dy || 1, within?.clientHeight ?? innerHeight) } : { within, dx: step(dx, within?.clientWidth ?? innerWidth), dy: 0 };
  };

  const elements = (event: Event): readonly Element[] => event.composedPath().filter((each) => each instanceof Element);
  let held = false;
  addEventListener('pointerover', (event) => {
    const path = elements(event);
    if (!event.isTrusted || path[0] === undefined || path[0] === rest?.path[0]) return;
    for (const each of event.composedPath()) if (each instanceof ShadowRoot) roots.add(each);
    // What the page's style shows is there before it hears of the mouse; what its scripts show comes after.
    const before = rest;
    restAt = performance.now();
    rest = { path, acted: held || performance.now() - scrolledAt < rollsMs, told: false };
    look();
    // What the mouse has come onto was there before it.
    for (const each of path.filter((one) => shownBy.get(one) === rest)) {
      if (before === undefined || before.acted) shownBy.delete(each);
      else shownBy.set(each, before);
    }
    clearTimeout(later);
    later = setTimeout(look, restMs);
    setTimeout(look);
  }, { capture: true, passive: true });
  for (const type of ['DOMContentLoaded', 'load']) addEventListener(type, look, { capture: true });
  if (document.readyState !== 'loading') look();
  // The work of scripts is seen when it is done: a moment later the mouse is elsewhere.
  new MutationObserver(() => rest !== undefined && !rest.acted && look()).observe(document, { childList: true, attributes: true, attributeFilter: ['class', 'style', 'hidden', 'open', 'aria-expanded', 'aria-hidden'], subtree: true });
  addEventListener('pointermove', (event) => event.isTrusted && performance.now() - looked > 100 && look(), { capture: true, passive: true });
  addEventListener('pointerdown', () => (held = true), { capture: true, passive: true });
  for (const end of ['pointerup', 'pointercancel', 'dragend'] as const) addEventListener(end, () => (held = false), { capture: true, passive: true });
  addEventListener('wheel', (event) => event.isTrusted && scrolls(elements(event), event.deltaX, event.deltaY), { capture: true, passive: true });
  // A bar that is dragged.
  addEventListener('scroll', (event) => held && scrolls(elements(event), 0, 1), { capture: true, passive: true });

  return {
    hoversFor, scrollFor,
    acted: () => {
      if (rest !== undefined) rest.acted = true;
      scrolled = undefined;
    },
  };
}
