import type { readSnapshot } from '../snapshot-script.ts';
import type { pointerHistory } from './pointer-history.ts';

/** How an element can be found again: by role and name where it has them, else by a selector of its own document. */
export interface RecordedPlace {
  readonly css: string;
  readonly role?: { readonly role: string; readonly name: string; /** Counts from 1. */ readonly nth: number; /** So many of that role and name are in this document. */ readonly of: number };
}

/** What a person did, as the page's listener reports it: one of them, with what the page said just before. */
export type ReportedAction = { readonly place?: RecordedPlace; readonly said: readonly string[]; /** Of the document in which it was done. */ readonly url: string } & (
  | { readonly action: 'click'; readonly button: 'left' | 'middle' | 'right'; readonly count: number; readonly modifiers: readonly string[]; readonly field: boolean }
  | { readonly action: 'drag'; readonly to: RecordedPlace }
  | { readonly action: 'drag'; readonly dx: number; readonly dy: number }
  /** What follows could be seen only while the mouse was there. */
  | { readonly action: 'hover' }
  /** What follows (`to`) came into the page by scrolling, `place` or the whole page. */
  | { readonly action: 'scroll'; readonly dx: number; readonly dy: number; readonly to: RecordedPlace }
  | { readonly action: 'type'; readonly text: string; readonly clear: boolean; readonly secret: boolean }
  | { readonly action: 'fill'; readonly value: string | boolean }
  | { readonly action: 'select'; readonly values: readonly string[] }
  | { readonly action: 'press'; readonly key: string }
  | { readonly action: 'upload'; readonly files: readonly string[] }
  /** Nothing was done: the page says something else than before. */
  | { readonly action: 'seen' }
);

/** The name under which the listener finds the way out of its world. */
export const reportName = 'iaReport';

/**
 * Listens in the page for what a person does. It is sent there as source text with the functions that it needs, into a world of our own: the page can neither
 * see it nor be believed to be it, and only events that come from a device count. What is typed into a field for passwords does not leave the page.
 */
export function recordActions(read: typeof readSnapshot, selectorIn: (this: Element) => string, said: () => readonly string[], follow: typeof pointerHistory, secretWords: string): void {
  type World = typeof globalThis & { iaRecording?: () => void; iaRefs?: { of: WeakMap<Element, number>; at: Map<number, WeakRef<Element>> } | undefined; iaReport?: (text: string) => void };
  const world = globalThis as World;
  if (world.iaRecording !== undefined) return;
  const own = { of: new WeakMap<Element, number>(), at: new Map<number, WeakRef<Element>>() };
  let next = 1;
  /** So long a page that changes all the time is given between two looks. */
  const seenMs = 150;
  /** Every usable element with its role and name, as a snapshot has them. The references of real snapshots stay as they are. */
  const named = (): ReadonlyMap<number, { readonly role: string; readonly name: string }> => {
    const others = world.iaRefs;
    world.iaRefs = own;
    try {
      const { lines, next: after } = read.call(document.documentElement, { next, interactiveOnly: true, maxCharacters: 2_000_000 });
      next = after;
      return new Map(lines.flatMap((line) => {
        const [, role = '', name, reference] = /^ *([a-z]+) ?("(?:[^"\\]|\\.)*")?.* e(\d+)$/.exec(line) ?? [];
        return reference === undefined ? [] : [[Number(reference), { role, name: name === undefined ? '' : String(JSON.parse(name)) }] as const];
      }));
    } finally {
      world.iaRefs = others;
    }
  };
  const elementsOf = (path: readonly EventTarget[]): readonly Element[] => path.filter((each) => each instanceof Element);
  /** `exact`: the element itself or nothing; else what a click on it is meant for. */
  const placeOf = (path: readonly Element[], exact = false): RecordedPlace => {
    const [target] = path as [Element];
    const all = named();
    const known = (element: Element) => all.get(own.of.get(element) ?? -1);
    const usable = exact ? (known(target) && target) : path.find((element) => known(element) !== undefined);
    if (usable === undefined) return { css: selectorIn.call(target) };
    // A click by its name goes to its middle, where another thing may lie than the one that was meant.
    const box = usable.getBoundingClientRect();
    const root = usable.getRootNode() as Document | ShadowRoot;
    let hit = usable === target ? null : root.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    while (hit !== null && known(hit) === undefined) hit = hit.parentElement;
    if (hit !== null && hit !== usable && usable.contains(hit)) return { css: selectorIn.call(target) };
    const { role, name } = known(usable)!;
    const css = selectorIn.call(usable);
    if (name === '' || role === 'iframe') return { css };
    const twins = [...all].filter(([, each]) => each.role === role && each.name === name).map(([reference]) => reference);
    return { css, role: { role, name, nth: twins.indexOf(own.of.get(usable)!) + 1, of: twins.length } };
  };
  const report = (action: object, place?: RecordedPlace) => world.iaReport?.(JSON.stringify({ ...action, ...(place === undefined ? {} : { place }), said: said(), url: location.href }));

  const typedKinds = new Set(['text', 'search', 'email', 'url', 'tel', 'password', '']);
  const isTyped = (element: Element): boolean => element instanceof HTMLTextAreaElement || (element instanceof HTMLElement && element.isContentEditable) || (element instanceof HTMLInputElement && typedKinds.has(element.type));
  const isBox = (element: Element): element is HTMLInputElement => element instanceof HTMLInputElement && (element.type === 'checkbox' || element.type === 'radio');
  /** What it holds is told by its change, so that clicks and keys in it say nothing more. */
  const isChosen = (element: Element): boolean => element instanceof HTMLSelectElement || element instanceof HTMLOptionElement || isBox(element)
    || (element instanceof HTMLInputElement && ['file', 'date', 'time', 'month', 'week', 'datetime-local', 'color', 'range', 'number'].includes(element.type));
  const visible = (element: Element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const valueOf = (element: Element): string => (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.value : (element as HTMLElement).innerText);
  const secrets = new RegExp(secretWords, 'i');
  const isSecret = (element: Element): boolean => element instanceof HTMLInputElement && (element.type === 'password' || /password|one-time-code|cc-(?:number|csc)/.test(element.autocomplete)
    || [element.name, element.id, element.placeholder, element.getAttribute('aria-label') ?? '', ...[...(element.labels ?? [])].map((label) => label.textContent ?? '')].some((words) => secrets.test(words)));
  const editableRoot = (element: Element): Element => {
    let at = element;
    while (at instanceof HTMLElement && at.isContentEditable && at.parentElement?.isContentEditable) at = at.parentElement;
    return at;
  };

  /** What fields held when the focus came, and those in which something was typed since. */
  const held = new WeakMap<Element, string>();
  const wasSecret = new WeakSet<Element>();
  const dirty = new Map<Element, RecordedPlace>();
  const flush = (element: Element) => {
    const place = dirty.get(element);
    if (place === undefined) return;
    dirty.delete(element);
    const value = valueOf(element);
    const before = held.get(element);
    held.set(element, value);
    if (value === before) return;
    const secret = isSecret(element) || wasSecret.has(element);
    if (isTyped(element)) report({ action: 'type', text: secret ? '' : value, clear: before !== '', secret }, place);
    else report({ action: 'fill', value }, place);
  };
  const flushAll = () => { for (const element of dirty.keys()) flush(element); };
  world.iaRecording = flushAll;

  const pointer = follow();
  let down: { readonly path: readonly Element[]; readonly place: RecordedPlace; readonly x: number; readonly y: number } | undefined;
  let dragged = false;
  let native: RecordedPlace | undefined;
  const listen = <K extends keyof WindowEventMap>(type: K, listener: (event: WindowEventMap[K], path: readonly Element[]) => void) => addEventListener(type, (event) => {
    const path = elementsOf(event.composedPath());
    if (event.isTrusted && path[0] !== undefined) listener(event, path);
  }, { capture: true, passive: true });
  const modifiersOf = (event: MouseEvent | KeyboardEvent) => [event.ctrlKey && 'Control', event.altKey && 'Alt', event.shiftKey && 'Shift', event.metaKey && 'Meta'].filter((name) => name !== false);

  listen('pointerdown', (event, path) => {
    for (const element of dirty.keys()) if (!path.includes(element)) flush(element);
    dragged = false;
    native = undefined;
    // Its own handlers may take it out of the page before the click is there.
    down = { path, place: placeOf(path), x: event.clientX, y: event.clientY };
    const scroll = pointer.scrollFor(path);
    if (scroll !== undefined) report({ action: 'scroll', dx: scroll.dx, dy: scroll.dy, to: down.place }, scroll.within && placeOf([scroll.within], true));
    for (const rest of pointer.hoversFor(path)) report({ action: 'hover' }, placeOf(rest));
    pointer.acted();
  });
  listen('pointerup', (event) => {
    if (down === undefined || event.button !== 0) return;
    const [dx, dy] = [Math.round(event.clientX - down.x), Math.round(event.clientY - down.y)];
    const [target] = down.path as [Element];
    if (Math.hypot(dx, dy) < 10 || isTyped(target) || isChosen(target) || target === document.documentElement || target === document.body || (getSelection()?.toString() ?? '') !== '') return;
    dragged = true;
    report({ action: 'drag', dx, dy }, down.place);
  });
  listen('dragstart', (_event, path) => (native = down?.path.some((element) => path.includes(element)) === true ? placeOf(path) : undefined));
  listen('drop', (_event, path) => {
    if (native !== undefined) report({ action: 'drag', to: placeOf(path) }, native);
    native = undefined;
  });
  const clicked = (event: PointerEvent, path: readonly Element[], button: string) => {
    const [target] = path as [Element];
    // Keys and labels make clicks of their own; what made them is told already.
    if (dragged || event.pointerType === '') return;
    const control = target.closest('label')?.control ?? undefined;
    if (control !== undefined && control !== target && (isTyped(control) || (isChosen(control) && visible(control)))) return;
    if (isChosen(target)) return;
    const place = down?.path[0] === target || (down !== undefined && !target.isConnected) ? down.place : placeOf(path);
    report({ action: 'click', button, count: Math.min(3, Math.max(1, event.detail)), modifiers: modifiersOf(event), field: isTyped(target) }, place);
  };
  listen('click', (event, path) => clicked(event as PointerEvent, path, 'left'));
  listen('auxclick', (event, path) => clicked(event as PointerEvent, path, event.button === 1 ? 'middle' : 'right'));

  listen('focusin', (_event, [target]) => {
    const field = editableRoot(target!);
    if (isTyped(field) || isChosen(field)) held.set(field, valueOf(field));
  });
  listen('focusout', (_event, [target]) => flush(editableRoot(target!)));
  listen('input', (_event, [target]) => {
    // Suggestions come of what is typed.
    pointer.acted();
    const field = editableRoot(target!);
    if (isSecret(field)) wasSecret.add(field);
    if (!dirty.has(field) && (isTyped(field) || (isChosen(field) && !isBox(field) && !(field instanceof HTMLSelectElement) && (field as HTMLInputElement).type !== 'file'))) dirty.set(field, placeOf([field], true));
  });
  listen('change', (_event, [target]) => {
    if (target instanceof HTMLSelectElement) report({ action: 'select', values: [...target.selectedOptions].map(({ value, label }) => value || label) }, placeOf([target], true));
    else if (target instanceof HTMLInputElement && target.type === 'file') report({ action: 'upload', files: [...(target.files ?? [])].map(({ name }) => name) }, placeOf([target], true));
    else if (target !== undefined && isBox(target)) {
      if (visible(target)) report({ action: 'fill', value: target.checked }, placeOf([target], true));
    } else flush(target!);
  });
  listen('keydown', (event, path) => {
    const [target] = path as [Element];
    const { key } = event;
    if (event.isComposing || ['Control', 'Alt', 'Shift', 'Meta', 'AltGraph', 'CapsLock', 'Tab', 'Dead', 'Process', 'Unidentified'].includes(key)) return;
    const modifiers = modifiersOf(event).filter((name) => name !== 'Shift' || key.length > 1);
    const commanded = modifiers.some((name) => name !== 'Shift');
    const field = editableRoot(target);
    if (isTyped(field)) {
      if (!held.has(field)) held.set(field, valueOf(field));
      const single = field instanceof HTMLInputElement;
      const editing = commanded ? !(key === 'Enter' || (key.length === 1 && !'acvxyz'.includes(key.toLowerCase()))) : !(key === 'Escape' || /^(?:F\d+|Page(?:Up|Down))$/.test(key) || (single && /^(?:Enter|ArrowUp|ArrowDown)$/.test(key)));
      if (editing) return;
    } else if (isChosen(field) && !['Enter', 'Escape'].includes(key)) return;
    flushAll();
    pointer.acted();
    const nowhere = target === document.body || target === document.documentElement;
    report({ action: 'press', key: [...modifiers, key === ' ' ? 'Space' : key].join('+') }, nowhere ? undefined : placeOf([field], true));
  });
  addEventListener('pagehide', flushAll, { capture: true });

  if (window !== window.top) return;
  let last = '';
  const seen = () => {
    const now = JSON.stringify(said());
    if (now === last) return;
    last = now;
    report({ action: 'seen' });
  };
  // Told by the page when it has changed: the window may be closed before anybody asks.
  let soon: ReturnType<typeof setTimeout> | undefined;
  new MutationObserver(() => (soon ??= setTimeout(() => {
    soon = undefined;
    seen();
  }, seenMs))).observe(document, { childList: true, characterData: true, attributes: true, attributeFilter: ['class', 'style', 'hidden', 'open'], subtree: true });
  for (const type of ['DOMContentLoaded', 'load', 'pagehide']) addEventListener(type, seen, { capture: true });
}
