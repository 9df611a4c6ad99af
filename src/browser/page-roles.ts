import { pageLines } from './page-lines.ts';
import type { PageSession } from './page-session.ts';

/** An element by what a person and a screen reader know it by: `role=button "Send"`, or `role=button "Send" 2` for the second one of that name. */
export interface RoleSelector {
  readonly role: string;
  /** Any where absent. */
  readonly name?: string;
  /** Counts from 1. */
  readonly nth: number;
}

const written = /^role=([a-z]+)(?:\s+("(?:[^"\\]|\\.)*"))?(?:\s+(\d{1,4}))?$/;
/** A line of a snapshot that has a reference. */
const line = /^ *([a-z]+) ?("(?:[^"\\]|\\.)*")?.* e(\d+)$/;
/** What a page may say before its roles are no longer looked for. */
const maxCharacters = 2_000_000;

export function parseRole(selector: string): RoleSelector | undefined {
  const [, role, name, nth] = written.exec(selector) ?? [];
  if (role === undefined) return undefined;
  const text = parsed(name);
  return { role, nth: Number(nth ?? 1), ...(text === undefined ? {} : { name: text }) };
}

/** The reference of the element in the page as it is now, frames included; `undefined` where there is none. */
export async function referenceOfRole(session: PageSession, { role, name, nth }: RoleSelector): Promise<number | undefined> {
  const named = await namedOn(session);
  return named.filter((each) => each.role === role && (name === undefined || each.name === name))[nth - 1]?.reference;
}

/** The role selector that names exactly the element of a reference; `undefined` for one without a name. */
export async function roleOfReference(session: PageSession, reference: number): Promise<string | undefined> {
  const named = await namedOn(session);
  const own = named.find((each) => each.reference === reference);
  if (own === undefined || own.name === '') return undefined;
  const twins = named.filter(({ role, name }) => role === own.role && name === own.name);
  return `role=${own.role} ${JSON.stringify(own.name)}${twins.length === 1 ? '' : ` ${twins.indexOf(own) + 1}`}`;
}

/** How many elements of the page, frames included, have this role and name. */
export async function countRole(session: PageSession, { role, name }: Pick<RoleSelector, 'role' | 'name'>): Promise<number> {
  return (await namedOn(session)).filter((each) => each.role === role && each.name === name).length;
}

/** What is like it, for a message that says why there is nothing of that name. */
export async function similarRoles(session: PageSession, { role }: RoleSelector): Promise<readonly string[]> {
  const named = await namedOn(session);
  return named.filter((each) => each.role === role && each.name !== '').slice(0, 5).map(({ name }) => `role=${role} ${JSON.stringify(name)}`);
}

interface Named {
  readonly role: string;
  readonly name: string;
  readonly reference: number;
}

async function namedOn(session: PageSession): Promise<readonly Named[]> {
  const lines = await pageLines(session, { maxCharacters, interactiveOnly: true });
  return lines.flatMap((each) => {
    const [, role = '', name, reference] = line.exec(each) ?? [];
    return reference === undefined ? [] : [{ role, name: parsed(name) ?? '', reference: Number(reference) }];
  });
}

function parsed(quoted: string | undefined): string | undefined {
  if (quoted === undefined) return undefined;
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
