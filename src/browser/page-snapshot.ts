import type { Protocol } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import type { PageSession } from './page-session.ts';

type Node = Protocol.Accessibility.AXNode;

/** Deeper nesting is shown at this depth. */
const maxIndent = 40;
/** Characters of a snapshot unless the caller says otherwise: some 5,000 tokens. */
export const snapshotCharacters = 20_000;

const interactive: ReadonlySet<string> = new Set([
  'button', 'link', 'textbox', 'searchbox', 'combobox', 'checkbox', 'radio', 'switch', 'slider', 'spinbutton', 'menuitem', 'menuitemcheckbox', 'menuitemradio',
  'option', 'listbox', 'tab', 'treeitem', 'DisclosureTriangle', 'Date', 'DateTime', 'InputTime', 'ColorWell',
]);
/** Carry no meaning of their own: their children are shown in their place. */
const silent: ReadonlySet<string> = new Set([
  'generic', 'none', 'presentation', 'RootWebArea', 'LineBreak', 'ListMarker', 'InlineTextBox', 'LabelText', 'paragraph', 'strong', 'emphasis', 'LayoutTable', 'LayoutTableRow', 'LayoutTableCell',
]);
const states = ['checked', 'disabled', 'expanded', 'selected', 'pressed', 'required', 'invalid', 'level'] as const;

interface Visit {
  readonly node: Node;
  readonly depth: number;
  /** Name and value of the element around it: what they say is not repeated as text. */
  readonly said: string;
}

/**
 * The accessibility tree as indented text: role, name, states, value, and for whatever can be used a reference such as `[ref=e12]` that the
 * actions take as a selector. Cut at `max` characters with a line that says so.
 */
export async function snapshot(session: PageSession, max: number): Promise<string> {
  const { nodes } = await session.ask('its accessibility tree', () => session.client.send('Accessibility.getFullAXTree'));
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const references = new References(session);
  const root = nodes.find((node) => node.parentId === undefined);
  // A stack of our own: a hostile page may nest deeper than the host's.
  const open: Visit[] = root ? [{ node: root, depth: 0, said: '' }] : [];
  let text = '';
  for (let visit = open.pop(); visit !== undefined && text.length <= max; visit = open.pop()) {
    const { node, depth, said } = visit;
    const line = lineOf(node, said, references);
    if (line !== undefined) text += `${'  '.repeat(Math.min(depth, maxIndent))}- ${line}\n`;
    if (node.role?.value === 'StaticText') continue;
    const below = line === undefined ? { depth, said } : { depth: depth + 1, said: `${fold(node.name?.value)} ${fold(node.value?.value)}` };
    const children = (node.childIds ?? []).map((id) => byId.get(id)).filter((child) => child !== undefined);
    for (const child of children.reverse()) open.push({ node: child, ...below });
  }
  if (text.length <= max) return text.trimEnd();
  return `${text.slice(0, text.lastIndexOf('\n', max))}\n[cut at ${max} characters; ask for a part with page.text or page.html and a selector]`;
}

/** The numbers by which an element can be named until the page shows another document; an element keeps its number from one snapshot to the next. */
class References {
  readonly #session: PageSession;
  readonly #known: Map<number, number>;

  constructor(session: PageSession) {
    this.#session = session;
    this.#known = new Map([...session.refs].map(([reference, node]) => [node, reference]));
  }

  of(node: number): number {
    const reference = this.#known.get(node) ?? this.#session.nextRef();
    this.#known.set(node, reference);
    this.#session.refs.set(reference, node);
    return reference;
  }
}

/** What is to be said of one node, `undefined` where only its children matter. */
function lineOf(node: Node, said: string, references: References): string | undefined {
  const role = String(node.role?.value ?? '');
  const name = fold(node.name?.value);
  if (node.ignored || silent.has(role) || (role === 'group' && name === '')) return undefined;
  if (role === 'StaticText') return name === '' || said.includes(name) ? undefined : `text ${JSON.stringify(name)}`;
  const { backendDOMNodeId } = node;
  return `${describe(node, role, name)}${interactive.has(role) && backendDOMNodeId !== undefined ? ` [ref=e${references.of(backendDOMNodeId)}]` : ''}`;
}

function describe(node: Node, role: string, name: string): string {
  const parts = [role, ...(name === '' ? [] : [JSON.stringify(name)])];
  for (const { name: property, value } of node.properties ?? []) {
    const state = states.find((wanted) => wanted === property);
    if (state === undefined || (state === 'level' && role !== 'heading') || value.value === false || value.value === 'false' || value.value === undefined) continue;
    parts.push(value.value === true || value.value === 'true' ? `[${state}]` : `[${state}=${String(value.value)}]`);
  }
  const value = fold(node.value?.value);
  if (value !== '' && value !== name) parts.push(`value=${JSON.stringify(value)}`);
  return parts.join(' ');
}

function fold(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).replace(/\s+/g, ' ').trim().slice(0, 300) : '';
}
