export interface SnapshotPart {
  /** One line for each thing, indented by one space a level. A line that is `\u0000` and a reference stands for the content of that frame. */
  readonly lines: readonly string[];
  /** The first reference that nobody has yet. */
  readonly next: number;
  readonly refs: number;
}

export interface SnapshotRequest {
  /** The first reference to give out. */
  readonly next: number;
  readonly interactiveOnly: boolean;
  readonly maxCharacters: number;
}

/**
 * Reads the document, or the element that it is called on, as roles, names, states and values (see page-scripts.ts for what running in a page means).
 * It walks the DOM and not the browser's accessibility tree: that one is first built for the whole page and then sent as some 1 KB for each node.
 * References are kept in this world, so that an element has the same one in every snapshot of its document.
 */
export function readSnapshot(this: Element, { next, interactiveOnly, maxCharacters }: SnapshotRequest): SnapshotPart {
  const kept = globalThis as typeof globalThis & { iaRefs?: { of: WeakMap<Element, number>; at: Map<number, WeakRef<Element>> } };
  const known = (kept.iaRefs ??= { of: new WeakMap(), at: new Map() });
  const tagRoles: Readonly<Record<string, string>> = {
    BUTTON: 'button', SUMMARY: 'button', TEXTAREA: 'textbox', OPTION: 'option', NAV: 'navigation', MAIN: 'main', ASIDE: 'complementary', DIALOG: 'dialog', TABLE: 'table', UL: 'list', OL: 'list',
    MENU: 'list', FORM: 'form', FIELDSET: 'group', IMG: 'img', PROGRESS: 'progressbar', METER: 'meter', IFRAME: 'iframe', FRAME: 'iframe', H1: 'heading', H2: 'heading', H3: 'heading', H4: 'heading', H5: 'heading', H6: 'heading',
    SECTION: 'region', HR: 'separator', FIGURE: 'figure', VIDEO: 'video', AUDIO: 'audio', OUTPUT: 'status', OPTGROUP: 'group', TR: 'row', TD: 'cell', TH: 'cell', LI: 'listitem', HEADER: 'banner', FOOTER: 'contentinfo', ARTICLE: 'article', SVG: 'img', svg: 'img',
  };
  const inputRoles: Readonly<Record<string, string>> = { button: 'button', submit: 'button', reset: 'button', image: 'button', checkbox: 'checkbox', radio: 'radio', range: 'slider', number: 'spinbutton', search: 'searchbox', file: 'file', color: 'color', date: 'date', time: 'time', month: 'month', week: 'week', 'datetime-local': 'datetime' };
  const used = new Set('button link textbox combobox checkbox radio switch slider spinbutton searchbox menuitem menuitemcheckbox menuitemradio option listbox tab treeitem file color date time month week datetime iframe video audio clickable'.split(' '));
  const fromContent = new Set('button link heading checkbox radio switch menuitem menuitemcheckbox menuitemradio option tab treeitem tooltip clickable caption'.split(' '));
  /** Say nothing without a name. */
  const named = new Set('region form group figure article img banner contentinfo status row cell listitem generic'.split(' '));
  const never = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'HEAD', 'LINK', 'META']);
  const separated = new Set(['cell', 'gridcell', 'columnheader', 'rowheader', 'listitem']);
  const blocks = new Set(['TR', 'P', 'DIV', 'LI', 'PRE', 'DD', 'DT', 'BR', 'BLOCKQUOTE', 'FIGCAPTION', 'CAPTION', 'LEGEND', 'ADDRESS']);
  const lines: string[] = [];
  let length = 0;
  let refs = 0;
  let at = next;
  const fold = (text: string | null | undefined) => (text ?? '').replace(/\s+/g, ' ').trim().slice(0, 300);
  const put = (depth: number, line: string) => {
    length += line.length + depth + 1;
    lines.push(' '.repeat(depth < 40 ? depth : 40) + line);
  };
  const reference = (element: Element): number => {
    let number = known.of.get(element);
    if (number === undefined) {
      number = at++;
      known.of.set(element, number);
      known.at.set(number, new WeakRef(element));
    }
    refs++;
    return number;
  };
  const roleOf = (element: Element): string => {
    const own = element.getAttribute('role');
    if (own !== null) {
      const role = own.trim().split(/\s+/)[0]!;
      if (role !== 'none' && role !== 'presentation') return role === '' ? '' : role;
      return '';
    }
    const tag = element.tagName;
    if (tag === 'INPUT') {
      const { type, list } = element as HTMLInputElement;
      return type === 'hidden' ? 'hidden' : list ? 'combobox' : (inputRoles[type] ?? 'textbox');
    }
    if (tag === 'A' || tag === 'AREA') return element.hasAttribute('href') ? 'link' : '';
    if (tag === 'SELECT') return (element as HTMLSelectElement).multiple || (element as HTMLSelectElement).size > 1 ? 'listbox' : 'combobox';
    // Elements of SVG and MathML keep their letter case: one may be called <constructor>, which every object has.
    return Object.hasOwn(tagRoles, tag) ? tagRoles[tag]! : '';
  };
  /** What is to be read in an element, with what pictures and fields in it stand for. */
  const content = (element: Element): string => {
    if (element.firstElementChild === null) return fold(element.textContent);
    let text = '';
    const add = (node: Node): void => {
      if (text.length > 400) return;
      if (node.nodeType === 3) text += node.nodeValue;
      else if (node instanceof Element && !never.has(node.tagName) && node.getAttribute('aria-hidden') !== 'true' && node.checkVisibility()) {
        const label = node.getAttribute('aria-label') ?? (node.tagName === 'IMG' ? node.getAttribute('alt') : node.tagName === 'svg' ? node.querySelector('title')?.textContent : null);
        if (label !== null && label !== undefined) text += ` ${label} `;
        else {
          const apart = blocks.has(node.tagName);
          if (apart) text += ' ';
          for (const child of node.childNodes) add(child);
          if (apart) text += ' ';
        }
      }
    };
    for (const child of (element.shadowRoot ?? element).childNodes) add(child);
    return fold(text);
  };
  const nameOf = (element: Element, role: string): string => {
    const by = element.getAttribute('aria-labelledby');
    if (by !== null) {
      const root = element.getRootNode() as Document | ShadowRoot;
      const text = fold(by.split(/\s+/).map((id) => root.getElementById(id)?.textContent ?? '').join(' '));
      if (text !== '') return text;
    }
    const label = fold(element.getAttribute('aria-label'));
    if (label !== '') return label;
    const tag = element.tagName;
    if (tag === 'INPUT' || tag === 'TEXTAREA' || tag === 'SELECT' || tag === 'METER' || tag === 'PROGRESS' || tag === 'OUTPUT') {
      const field = element as HTMLInputElement;
      if (role === 'button') return fold(field.value) || fold(field.getAttribute('alt')) || fold(field.title) || ({ submit: 'Submit', reset: 'Reset' }[field.type] ?? '');
      for (const each of field.labels ?? []) {
        let text = '';
        for (const node of each.childNodes) if (!(node instanceof Element) || !node.matches('input,select,textarea')) text += node.textContent ?? '';
        if (fold(text) !== '') return fold(text);
      }
      return fold(field.title) || fold(field.placeholder);
    }
    if (tag === 'IMG') return fold(element.getAttribute('alt')) || fold(element.getAttribute('title'));
    if (tag === 'svg') return fold(element.querySelector('title')?.textContent);
    if (tag === 'FIELDSET' || tag === 'TABLE' || tag === 'FIGURE') return fold(element.querySelector(tag === 'FIELDSET' ? 'legend' : tag === 'TABLE' ? 'caption' : 'figcaption')?.textContent);
    if (tag === 'OPTGROUP') return fold((element as HTMLOptGroupElement).label);
    if (tag === 'IFRAME') return fold(element.getAttribute('title')) || fold(element.getAttribute('name'));
    if (fromContent.has(role)) return content(element) || fold(element.getAttribute('title'));
    return fold(element.getAttribute('title'));
  };
  const statesOf = (element: Element, role: string): string => {
    let text = '';
    const aria = (name: string) => element.getAttribute(`aria-${name}`);
    if (role === 'checkbox' || role === 'radio' || role === 'switch' || role.startsWith('menuitem')) {
      const checked = aria('checked');
      if (element instanceof HTMLInputElement ? element.checked : checked === 'true') text += ' checked';
      else if (checked === 'mixed') text += ' mixed';
    }
    if (element.matches(':disabled') || aria('disabled') === 'true') text += ' disabled';
    const expanded = aria('expanded') ?? (element.tagName === 'SUMMARY' ? String((element.parentElement as HTMLDetailsElement).open) : null);
    if (expanded !== null) text += expanded === 'true' ? ' expanded' : ' collapsed';
    if (aria('selected') === 'true' || (element instanceof HTMLOptionElement && element.selected)) text += ' selected';
    if (aria('pressed') === 'true') text += ' pressed';
    if (aria('invalid') === 'true') text += ' invalid';
    if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) {
      if (element.required) text += ' required';
      if (element instanceof HTMLInputElement && element.type === 'password') { if (element.value !== '') text += ' filled'; }
      else if (element instanceof HTMLInputElement && element.type === 'file') text += element.files?.length ? ` =${JSON.stringify(fold([...element.files].map(({ name }) => name).join(', ')))}` : '';
      else if (!['checkbox', 'radio', 'button'].includes(role)) {
        const value = element instanceof HTMLSelectElement ? [...element.selectedOptions].map(({ label }) => label).join(', ') : element.value;
        if (fold(value) !== '') text += ` =${JSON.stringify(fold(value))}`;
      }
    } else {
      const value = aria('valuetext') ?? aria('valuenow') ?? (element instanceof HTMLProgressElement || element instanceof HTMLMeterElement ? String(element.value) : element instanceof HTMLElement && element.isContentEditable ? fold(element.textContent) : null);
      if (value !== null && value !== '') text += ` =${JSON.stringify(fold(value))}`;
    }
    return text;
  };

  interface Around { readonly depth: number; readonly said: string; readonly pointer: boolean; readonly hidden: boolean; readonly quiet: boolean }
  let run = '';
  let runDepth = 0;
  const flush = () => {
    const text = fold(run).replace(/^\| ?|\s?\|$/g, '');
    run = '';
    if (text !== '' && text !== '|' && !interactiveOnly) put(runDepth, JSON.stringify(text));
  };
  const say = (text: string, around: Around) => {
    if (around.quiet || around.hidden || (around.said !== '' && around.said.includes(fold(text)))) return;
    if (run === '') runDepth = around.depth;
    run += text;
  };
  // A stack of our own: a hostile page may nest deeper than a script may call. A text is what is done after the children of an element.
  const open: (readonly [Node | 'apart' | 'flush', Around])[] = [[this, { depth: 0, said: '', pointer: false, hidden: false, quiet: false }]];
  while (open.length > 0) {
    const [node, around] = open.pop()!;
    if (length > maxCharacters) break;
    if (node === 'flush') flush();
    else if (node === 'apart') { if (run !== '') run += ' | '; }
    else if (node.nodeType === 3) say(node.nodeValue ?? '', around);
    else if (node instanceof Element && !never.has(node.tagName)) visit(node, around);
  }
  flush();
  return { lines, next: at, refs };

  function visit(element: Element, around: Around): void {
    if (element.getAttribute('aria-hidden') === 'true') return;
    const style = getComputedStyle(element);
    const visible = element.checkVisibility({ visibilityProperty: true });
    let hidden = false;
    if (!visible) {
      if (style.display !== 'contents' && !(style.visibility !== 'visible' && element.checkVisibility())) return;
      hidden = style.display !== 'contents';
    }
    let role = roleOf(element);
    if (role === 'hidden') return;
    const pointer = style.cursor === 'pointer';
    const editable = element instanceof HTMLElement && element.isContentEditable && !(element.parentElement?.isContentEditable ?? false);
    if (editable && (role === '' || role === 'generic')) role = 'textbox';
    // What only a script makes usable shows by its cursor, its tab stop or its handler.
    const direct = element.tagName === 'OPTION' && element.closest('select')?.size === 0;
    if (role === '' && ((pointer && !around.pointer && element.tagName !== 'LABEL' && element.tagName !== 'BODY' && element.tagName !== 'HTML') || element.hasAttribute('onclick') || (element.hasAttribute('tabindex') && (element as HTMLElement).tabIndex >= 0) || (element as HTMLElement).draggable && element.tagName === 'LI')) role = 'clickable';
    if ((element as HTMLElement).draggable && element.getAttribute('draggable') === 'true' && !used.has(role)) role = 'clickable';
    const usable = used.has(role) && !direct && !hidden;
    const block = blocks.has(element.tagName) || (role !== '' && !usable) || style.display === 'block' || style.display === 'flex' || style.display === 'grid';
    const name = role === '' || hidden ? '' : nameOf(element, role);
    const shown = !hidden && !direct && role !== '' && (usable || ((name !== '' || !named.has(role)) && !separated.has(role) && role !== 'row' && (!interactiveOnly || role === 'dialog' || role === 'alert')));
    let inner = around;
    if (shown) {
      flush();
      const level = role === 'heading' ? (element.getAttribute('aria-level') ?? element.tagName.slice(1)) : '';
      const states = statesOf(element, role);
      const drag = (element as HTMLElement).draggable && element.getAttribute('draggable') === 'true' ? ' draggable' : '';
      const ref = usable ? reference(element) : 0;
      put(around.depth, `${role}${level}${name === '' ? '' : ` ${JSON.stringify(name)}`}${drag}${states}${usable ? ` e${ref}` : ''}`);
      if (role === 'iframe') {
        lines.push(`\u0000${ref}`);
        return;
      }
      // Fields say what they hold, pictures their name: nothing inside them is to be read again.
      const quiet = around.quiet || element.tagName === 'TEXTAREA' || element.tagName === 'SELECT' && !(element as HTMLSelectElement).multiple || editable || fromContent.has(role) || element.tagName === 'svg';
      inner = { depth: around.depth + 1, said: name, pointer, hidden, quiet };
    } else if (pointer !== around.pointer || hidden !== around.hidden) inner = { ...around, pointer, hidden };
    // What it says is the name of its field, which is said there.
    if (element instanceof HTMLLabelElement && element.control !== null && element.control.checkVisibility()) inner = { ...inner, quiet: true };
    const after: (readonly [Node | 'apart' | 'flush', Around])[] = [];
    if (separated.has(role)) {
      if (role === 'listitem') flush();
      else after.push(['apart', inner]);
    }
    if (block) {
      if (role !== 'cell' && role !== 'gridcell' && !separated.has(role)) flush();
      if (!separated.has(role) || role === 'listitem') after.push(['flush', inner]);
    }
    for (const each of after) open.push(each);
    const children = element instanceof HTMLSlotElement && element.assignedNodes().length > 0 ? element.assignedNodes() : (element.shadowRoot ?? element).childNodes;
    for (let i = children.length - 1; i >= 0; i--) open.push([children[i]!, inner]);
  }
}

/** The element of a reference, `null` where this document never had it or it is gone for good. */
export function elementOfReference(reference: number): Element | null {
  const kept = globalThis as typeof globalThis & { iaRefs?: { at: Map<number, WeakRef<Element>> } };
  return kept.iaRefs?.at.get(reference)?.deref() ?? null;
}
