import { covers, permits, type Grant } from './grant.ts';

/** Whether a run with `parents` may hand `child` on. One of them alone must cover it: what only several together cover is not handed on. */
export function isWithin(child: Grant, parents: readonly Grant[]): boolean {
  return parents.some((parent) => covers(parent, child));
}

export interface Attenuation {
  /** What the child run gets: never more than the parent has. */
  readonly granted: readonly Grant[];
  /** What was asked for and is not handed on as it stands. */
  readonly refused: readonly Grant[];
}

/** The grants of a child run: those that it wants and its parent has, and of those that it wants wider than its parent has them the parent's own. */
export function attenuate(parents: readonly Grant[], wanted: readonly Grant[]): Attenuation {
  const [granted, refused] = [wanted.filter((child) => isWithin(child, parents)), wanted.filter((child) => !isWithin(child, parents))];
  const narrower = parents.filter((parent) => isWithin(parent, refused) && !isWithin(parent, granted));
  return { granted: [...granted, ...narrower], refused };
}

/**
 * What `attenuate` grants, with what each parent's grant leaves out kept out: the text of one such as "fs.read ** (but no secrets)" does not say what it
 * excludes, its `matches` does.
 */
export function handDown(parents: readonly Grant[], wanted: readonly Grant[]): Attenuation {
  const { granted, refused } = attenuate(parents, wanted);
  return { granted: granted.map((grant) => ({ ...grant, matches: (action) => grant.matches(action) && parents.some((parent) => permits(parent, action)) })), refused };
}
