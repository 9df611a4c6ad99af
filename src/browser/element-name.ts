import { worldOf, type Found } from './page-frames.ts';
import { roleOfReference } from './page-roles.ts';
import type { PageSession } from './page-session.ts';

/** A selector by which an element can be found again in another browser: in the page (see page-scripts.ts), the shortest of what names it alone. */
export function selectorIn(this: Element): string {
  const root = this.getRootNode() as Document | ShadowRoot;
  const alone = (selector: string) => {
    try {
      return root.querySelectorAll(selector).length === 1 && root.querySelector(selector) === this;
    } catch {
      return false;
    }
  };
  const own = (element: Element): string => {
    const tag = element.tagName.toLowerCase();
    const by = (...names: readonly string[]) => names.flatMap((name) => {
      const value = element.getAttribute(name);
      return value === null || value === '' || value.length > 100 ? [] : [`${tag}[${name}=${JSON.stringify(value)}]`];
    });
    // What was put there for tests outlives ids that a framework numbers.
    const tries = [...by('data-testid', 'data-test'), ...(element.id === '' ? [] : [`#${CSS.escape(element.id)}`]), ...by('name', 'aria-label', 'placeholder', 'title', 'href')];
    return tries.find(alone) ?? '';
  };
  const path = (): string => {
    const parts: string[] = [];
    const place = (element: Element): string => {
      const twins = [...(element.parentElement?.children ?? [])].filter(({ tagName }) => tagName === element.tagName);
      return element.tagName.toLowerCase() + (twins.length > 1 ? `:nth-of-type(${twins.indexOf(element) + 1})` : '');
    };
    parts.push(place(this));
    for (let element = this.parentElement; element !== null; element = element.parentElement) {
      const named = element.id === '' ? '' : `#${CSS.escape(element.id)}`;
      if (named !== '' && root.querySelectorAll(named).length === 1) return [named, ...parts].join(' > ');
      parts.unshift(place(element));
    }
    return parts.join(' > ');
  };
  const here = own(this) || path();
  if (!(root instanceof ShadowRoot)) return here;
  const host = root.host;
  return `${host.id === '' ? host.tagName.toLowerCase() : `#${CSS.escape(host.id)}`} >>> ${here}`;
}

/** A selector that holds in other browsers too: by role and name, which change least, else by the shortest way through all frames around it. */
export async function selectorOf(session: PageSession, found: Found, reference: number): Promise<string> {
  return (await roleOfReference(session, reference)) ?? (await pathOf(session, found));
}

async function pathOf(session: PageSession, { world, handle, frames }: Found): Promise<string> {
  return [...(await selectorsOfFrames(session, frames)), await world.callOn(handle, selectorIn)].join(' >>> ');
}

/** How the elements that show these frames are found, outermost first. */
export async function selectorsOfFrames(session: PageSession, frames: Found['frames']): Promise<readonly string[]> {
  const parts: string[] = [];
  for (const [i, frame] of frames.entries()) {
    const around = worldOf(session, frames.slice(0, i));
    const owner = await around.ownerOf(frame._id);
    if (owner === undefined) continue;
    parts.push(await around.callOn(owner, selectorIn));
    await around.release(owner);
  }
  return parts;
}
