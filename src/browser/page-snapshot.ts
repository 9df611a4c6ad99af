import type { Protocol } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import type { PageSession } from './page-session.ts';

type Node = Protocol.Accessibility.AXNode;

/** Characters of a snapshot unless the caller says otherwise: some 5,000 tokens. */
export const snapshotCharacters = 20_000;

const interactive: ReadonlySet<string> = new Set([
  'button', 'link', 'textbox', 'searchbox', 'combobox', 'checkbox', 'radio', 'switch', 'slider', 'spinbutton', 'menuitem', 'menuitemcheckbox', 'menuitemradio',
  'option', 'listbox', 'tab', 'treeitem', 'DisclosureTriangle', 'Date', 'DateTime', 'InputTime', 'ColorWell',
]);
/** Carry no meaning of their own: their children are shown in their place. */
const transparent: ReadonlySet<string> = new Set(['generic', 'none', 'presentation', 'RootWebArea', 'LineBreak', 'ListMarker', 'InlineTextBox', 'group', 'LabelText', 'strong', 'emphasis']);
const states = ['checked', 'disabled', 'expanded', 'selected', 'pressed', 'required', 'invalid', 'level'] as const;

/**
 * The accessibility tree as indented text: role, name, states, value, and for whatever can be used a reference such as `[ref=e12]` that the
 * actions take as a selector. Cut at `max` characters with a line that says so.
 */
export async function snapshot(session: PageSession, max: number): Promise<string> {
  const { nodes } = await session.ask('its accessibility tree', () => session.client.send('Accessibility.getFullAXTree'));
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const known = new Map([...session.refs].map(([ref, node]) => [node, ref]));
  // Numbers go on from the largest that was given out, so that one from before a navigation is never another element's.
  const refOf = (node: number): number => {
    const ref = known.get(node) ?? session.nextRef();
    known.set(node, ref);
    session.refs.set(ref, node);
    return ref;
  };
  const lines: string[] = [];
  let length = 0;
  const visit = (node: Node, depth: number, parentName: string): void => {
    if (length > max) return;
    const role = String(node.role?.value ?? '');
    const name = fold(node.name?.value);
    const text = role === 'StaticText';
    const shown = !node.ignored && (text ? name !== '' && !parentName.includes(name) : !transparent.has(role) || (role !== 'InlineTextBox' && role !== 'RootWebArea' && name !== '' && role !== 'generic'));
    if (shown) {
      const line = `${'  '.repeat(depth)}- ${text ? `text ${JSON.stringify(name)}` : describe(node, role, name)}${interactive.has(role) && node.backendDOMNodeId !== undefined ? ` [ref=e${refOf(node.backendDOMNodeId)}]` : ''}`;
      lines.push(line);
      length += line.length + 1;
    }
    if (text) return;
    for (const id of node.childIds ?? []) {
      const child = byId.get(id);
      if (child) visit(child, shown ? depth + 1 : depth, shown && name !== '' ? name : parentName);
    }
  };
  const root = nodes.find((node) => node.parentId === undefined);
  if (root) visit(root, 0, '');
  const whole = lines.join('\n');
  return whole.length <= max ? whole : `${whole.slice(0, whole.lastIndexOf('\n', max))}\n[cut at ${max} characters; ask for a part with page.text or page.html and a selector]`;
}

function describe(node: Node, role: string, name: string): string {
  const parts = [role, ...(name === '' ? [] : [JSON.stringify(name)])];
  for (const { name: property, value } of node.properties ?? []) {
    const state = states.find((wanted) => wanted === property);
    if (state === undefined || value.value === false || value.value === 'false' || value.value === undefined) continue;
    parts.push(value.value === true || value.value === 'true' ? `[${state}]` : `[${state}=${String(value.value)}]`);
  }
  const value = fold(node.value?.value);
  if (value !== '' && value !== name) parts.push(`value=${JSON.stringify(value)}`);
  return parts.join(' ');
}

function fold(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).replace(/\s+/g, ' ').trim().slice(0, 300) : '';
}
