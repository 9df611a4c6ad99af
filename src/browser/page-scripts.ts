/**
 * Functions that run inside a page, in our isolated world. Each is sent there as source text, so it must be self-contained: no imports,
 * no helpers from outside, only its arguments and what a page has.
 */

/**
 * Finds an element below `this`: `text=...` by what is to be read, else by CSS. The first visible one, else the first. Open shadow roots are looked into
 * where the document itself has nothing.
 */
export function locateIn(this: Element, selector: string): Element | null {
  const from = this === document.documentElement ? document : (this.shadowRoot ?? this);
  const visible = (element: Element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const pick = (found: readonly Element[]) => found.find(visible) ?? found[0] ?? null;
  const clean = (text: string) => text.replace(/\s+/g, ' ').trim().toLowerCase();
  const byText = selector.startsWith('text=');
  const wanted = byText ? clean(selector.slice('text='.length)) : '';
  const exact: Element[] = [];
  const partial: Element[] = [];
  const look = (root: Document | ShadowRoot | Element): readonly Element[] => {
    if (!byText) return [...root.querySelectorAll(selector)];
    for (const element of root.querySelectorAll(root instanceof Document ? 'body *' : '*')) {
      if (element instanceof HTMLScriptElement || element instanceof HTMLStyleElement) continue;
      const button = element instanceof HTMLInputElement && ['button', 'submit', 'reset'].includes(element.type);
      const text = clean(button ? element.value : (element.textContent ?? ''));
      if (text === wanted) exact.push(element);
      else if (text.includes(wanted)) partial.push(element);
    }
    // Document order puts an element before what is inside it: the innermost is the one that no later candidate lies in.
    const innermost = (found: readonly Element[]) => found.filter((element, i) => !(found[i + 1] && element.contains(found[i + 1]!)));
    // A text that only a hidden element has exactly is less meant than one that can be seen among others.
    const best = innermost(exact);
    return best.some(visible) || partial.length === 0 ? best : [...best, ...innermost(partial)];
  };
  const roots = (root: Document | ShadowRoot | Element): readonly ShadowRoot[] => [...root.querySelectorAll('*')].flatMap((element) => (element.shadowRoot ? [element.shadowRoot, ...roots(element.shadowRoot)] : []));
  const here = look(from);
  const found = pick(here);
  return found !== null && visible(found) ? found : (pick([...here, ...roots(from).flatMap(look)]));
}

export interface Readiness {
  readonly state: 'ready' | 'detached' | 'hidden' | 'empty' | 'disabled' | 'moving' | 'covered' | 'outside' | 'untouchable';
  /** Where to click, in CSS pixels of the viewport. */
  readonly x: number;
  readonly y: number;
  /** What covers it. */
  readonly by?: string;
  readonly description: string;
}

/** Brings an element into view and tells whether a person could click it right now, and if not, why. */
export async function readiness(this: Element): Promise<Readiness> {
  const describe = (element: Element) =>
    element.tagName.toLowerCase() + (element.id ? `#${element.id}` : '') + [...element.classList].slice(0, 3).map((name) => `.${name}`).join('');
  const answer = (state: Readiness['state'], x = 0, y = 0) => ({ state, x, y, description: describe(this) });
  if (!this.isConnected) return answer('detached');
  if (!this.checkVisibility({ visibilityProperty: true }) || this.getClientRects().length === 0) return answer('hidden');
  if (this.matches(':disabled') || this.closest('[aria-disabled="true"]')) return answer('disabled');
  this.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
  const frame = () => new Promise<DOMRect>((resolve) => {
    const done = () => resolve(this.getClientRects()[0] ?? this.getBoundingClientRect());
    // A page in the background paints nothing and would keep us waiting.
    const timer = setTimeout(done, 100);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      done();
    });
  });
  const before = await frame();
  const box = await frame();
  // Taken away meanwhile, it has neither a place nor a size.
  if (!this.isConnected) return answer('detached');
  if (before.x !== box.x || before.y !== box.y || before.width !== box.width || before.height !== box.height) return answer('moving');
  if (box.width === 0 || box.height === 0) return answer('empty');
  const [left, top, right, bottom] = [Math.max(box.left, 0), Math.max(box.top, 0), Math.min(box.right, innerWidth), Math.min(box.bottom, innerHeight)];
  if (right <= left || bottom <= top) return answer('outside');
  const x = (left + right) / 2;
  const y = (top + bottom) / 2;
  const root = this.getRootNode();
  const hit = (root instanceof ShadowRoot ? root : document).elementFromPoint(x, y);
  const belongs = hit !== null && (this.contains(hit) || hit.contains(this) || hit.closest('label')?.control === this || (hit.shadowRoot?.contains(this) ?? false));
  if (getComputedStyle(this).pointerEvents === 'none' && hit !== this) return answer('untouchable');
  return belongs || hit === null ? answer('ready', x, y) : { ...answer('covered', x, y), by: describe(hit) };
}

/** Called on the element that shows a frame: where a point of the frame's document lies in this one, or what keeps it from being reached. */
export function frameInside(this: Element, x: number, y: number): Pick<Readiness, 'state' | 'x' | 'y' | 'by'> {
  const box = this.getBoundingClientRect();
  const style = getComputedStyle(this);
  // Frames may be scaled: the box is what is left of their width.
  const scale = this instanceof HTMLElement && this.offsetWidth > 0 ? box.width / this.offsetWidth : 1;
  const point = { x: box.left + (this.clientLeft + Number.parseFloat(style.paddingLeft) + x) * scale, y: box.top + (this.clientTop + Number.parseFloat(style.paddingTop) + y) * scale };
  if (point.x < 0 || point.y < 0 || point.x > innerWidth || point.y > innerHeight) return { state: 'outside', ...point };
  const root = this.getRootNode();
  const hit = (root instanceof ShadowRoot ? root : document).elementFromPoint(point.x, point.y);
  if (hit === null || hit === this) return { state: 'ready', ...point };
  return { state: 'covered', ...point, by: hit.tagName.toLowerCase() + (hit.id ? `#${hit.id}` : '') + [...hit.classList].slice(0, 3).map((name) => `.${name}`).join('') };
}

/** Ids, classes and names of the page that look like those in a selector that matched nothing. Five at most. */
export function similarTo(selector: string): readonly string[] {
  const wanted = [...selector.matchAll(/[.#]?[a-z_][\w-]*/gi)].map(([word]) => word.toLowerCase()).filter((word) => word.length > 2);
  const distance = (a: string, b: string): number => {
    let row = Array.from({ length: b.length + 1 }, (_, i) => i);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      row = next;
    }
    return row[b.length]!;
  };
  const names = new Set<string>();
  for (const element of [...document.querySelectorAll('[id],[class],[name]')].slice(0, 3000)) {
    if (element.id) names.add(`#${element.id}`);
    for (const name of element.classList) names.add(`.${name}`);
  }
  const score = (name: string) => Math.min(...wanted.map((word) => {
    const [a, b] = [word.replace(/^[.#]/, ''), name.slice(1).toLowerCase()];
    return a.includes(b) || b.includes(a) ? Math.abs(a.length - b.length) / 4 : distance(a, b);
  }));
  return [...names].filter((name) => name.length < 60).map((name) => ({ name, score: score(name) })).filter(({ score }) => score <= 3).sort((a, b) => a.score - b.score).slice(0, 5).map(({ name }) => name);
}

export interface CutText {
  readonly text: string;
  /** Length of the whole, in characters. */
  readonly total: number;
}

/** The rendered text of an element, cut at `max` characters. */
export function readText(this: Element, max: number): CutText {
  const text = (this instanceof HTMLElement ? this.innerText : this.textContent) ?? '';
  return { text: text.slice(0, max), total: text.length };
}

export function readHtml(this: Element, max: number): CutText {
  return { text: this.outerHTML.slice(0, max), total: this.outerHTML.length };
}

/** The links to pages in an element: text as it is to be read, address in full. */
export function readLinks(this: Element, max: number): { readonly text: string; readonly url: string }[] {
  const anchors = [...(this.matches('a[href]') ? [this] : []), ...this.querySelectorAll('a[href]')].filter((element) => element instanceof HTMLAnchorElement);
  return anchors.filter(({ protocol }) => protocol === 'http:' || protocol === 'https:').slice(0, max).map((anchor) => ({
    text: (anchor.innerText || anchor.getAttribute('aria-label') || anchor.querySelector('img')?.alt || '').replace(/\s+/g, ' ').trim().slice(0, 500),
    url: anchor.href,
  }));
}

export function isVisible(this: Element): boolean {
  return this.checkVisibility({ visibilityProperty: true }) && this.getClientRects().length > 0;
}

export function hasText(text: string): boolean {
  return (document.body?.innerText ?? '').includes(text);
}

/** Puts the caret at the end of a field, or selects its whole content. */
export function focusField(this: Element, all: boolean): 'ready' | 'readonly' | 'none' {
  if (!(this instanceof HTMLElement)) return 'none';
  const textual = this instanceof HTMLTextAreaElement || this.isContentEditable
    || (this instanceof HTMLInputElement && !['button', 'submit', 'reset', 'checkbox', 'radio', 'file', 'image', 'color', 'range', 'hidden'].includes(this.type));
  if (!textual) return 'none';
  if ((this instanceof HTMLInputElement || this instanceof HTMLTextAreaElement) && this.readOnly) return 'readonly';
  this.focus();
  if (this instanceof HTMLInputElement || this instanceof HTMLTextAreaElement) {
    if (all) this.select();
    // Dates, numbers and the like have no caret that can be moved.
    else if (this.selectionEnd !== null) this.setSelectionRange(this.value.length, this.value.length);
    return 'ready';
  }
  const range = document.createRange();
  range.selectNodeContents(this);
  if (!all) range.collapse(false);
  getSelection()?.removeAllRanges();
  getSelection()?.addRange(range);
  return 'ready';
}

/** What a field for text holds; `null` for anything else. */
export function heldText(this: Element): string | null {
  return this instanceof HTMLInputElement || this instanceof HTMLTextAreaElement ? this.value : null;
}

/** True where only the end of what was typed is there: the page selected its field, or moved the focus to it, while the first keys came. */
export function lostBeginning(this: Element, expected: string): boolean {
  if (!(this instanceof HTMLInputElement || this instanceof HTMLTextAreaElement)) return false;
  return this.value !== '' && this.value.length < expected.length && expected.endsWith(this.value);
}

export function focusIt(this: Element): void {
  if (this instanceof HTMLElement) this.focus();
}

/** Puts a value into a field: 'done', 'click' where a click on it does it as a person would, else what is wrong. */
export function fillField(this: Element, value: string | number | boolean): string {
  const changed = () => {
    this.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    this.dispatchEvent(new Event('change', { bubbles: true }));
    return 'done';
  };
  if (this instanceof HTMLInputElement && (this.type === 'checkbox' || this.type === 'radio')) {
    if (typeof value !== 'boolean') return 'a box takes true or false';
    if (this.type === 'radio' && !value) return 'a radio button is only left by choosing another one';
    return this.checked === value ? 'done' : 'click';
  }
  const box = this.getAttribute('role');
  if (box === 'checkbox' || box === 'switch' || box === 'radio') {
    if (typeof value !== 'boolean') return 'a box takes true or false';
    return (this.getAttribute('aria-checked') === 'true') === value ? 'done' : 'click';
  }
  const text = String(value);
  if (this instanceof HTMLSelectElement) {
    const option = [...this.options].find((each) => each.value === text) ?? [...this.options].find((each) => each.label.trim() === text.trim());
    if (option === undefined || option.disabled) return `it has no option "${text}"`;
    this.value = option.value;
    return changed();
  }
  if (this instanceof HTMLInputElement || this instanceof HTMLTextAreaElement) {
    if (this.readOnly) return 'it can only be read';
    if (['button', 'submit', 'reset', 'file', 'image', 'hidden'].includes(this.type)) return 'it is no field for a value';
    this.focus();
    // The page's own frameworks watch the setter of the class, not that of the element.
    this.value = text;
    if (this.value !== text && ['date', 'time', 'month', 'week', 'datetime-local', 'color', 'number', 'range'].includes(this.type) && Number(this.value) !== Number(text)) return `a ${this.type} field holds "${this.value}" then`;
    return changed();
  }
  if (this instanceof HTMLElement && this.isContentEditable) {
    this.focus();
    this.textContent = text;
    return changed();
  }
  return 'it is no field';
}

/** Puts files into a file field, or drops them on an element. `null` where that went well. */
export function putFiles(this: Element, files: readonly { readonly name: string; readonly mediaType: string; readonly base64: string }[]): string | null {
  const transfer = new DataTransfer();
  for (const { name, mediaType, base64 } of files) transfer.items.add(new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], name, { type: mediaType }));
  const field = this instanceof HTMLLabelElement && this.control ? this.control : this;
  if (field instanceof HTMLInputElement && field.type === 'file') {
    if (field.disabled) return 'is disabled';
    if (files.length > 1 && !field.multiple) return 'takes one file only';
    field.files = transfer.files;
    field.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
    return null;
  }
  let taken = false;
  for (const type of ['dragenter', 'dragover', 'drop']) taken = !this.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, composed: true, dataTransfer: transfer })) || taken;
  return taken ? null : 'is no field for files, and nothing there takes files that are dropped on it';
}

export function scrollBy(this: Element, dx: number, dy: number): void {
  (this === document.documentElement ? (document.scrollingElement ?? this) : this).scrollBy({ left: dx, top: dy, behavior: 'instant' });
}

/** Chooses options by value or label, as a person does: the page hears of it. */
export function chooseOptions(this: Element, wanted: readonly string[]): { readonly selected: readonly string[] } | { readonly missing: string; readonly available: readonly string[] } | null {
  if (!(this instanceof HTMLSelectElement)) return null;
  const options = [...this.options];
  const label = (option: HTMLOptionElement) => option.label.trim();
  const chosen = wanted.map((name) => options.find((option) => option.value === name) ?? options.find((option) => label(option) === name.trim()));
  const missing = chosen.findIndex((option) => option === undefined || option.disabled);
  if (missing >= 0) return { missing: wanted[missing]!, available: options.filter((option) => !option.disabled).slice(0, 30).map((option) => option.value || label(option)) };
  for (const option of options) option.selected = chosen.includes(option);
  this.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  this.dispatchEvent(new Event('change', { bubbles: true }));
  return { selected: [...this.selectedOptions].map(({ value }) => value) };
}

/** What a screenshot of an element has to show, in CSS pixels of the whole page. */
export function pageBox(this: Element): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } {
  const { x, y, width, height } = this.getBoundingClientRect();
  return { x: x + scrollX, y: y + scrollY, width, height };
}

export function pageSize(): { readonly width: number; readonly height: number; readonly viewHeight: number } {
  const root = document.documentElement;
  return { width: root.clientWidth, height: Math.max(root.scrollHeight, root.clientHeight), viewHeight: innerHeight };
}
