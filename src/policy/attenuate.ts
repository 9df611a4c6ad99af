import { isExact } from './breadth.ts';
import { describeLimits, splitLimits } from './grant-limits.ts';
import { GrantMeter } from './grant-meter.ts';
import { covers, type Grant } from './grant.ts';

/** Whether a run with `parents` may hand `child` on, limits aside. One of them alone must cover it: what only several together cover is not handed on. */
export function isWithin(child: Grant, parents: readonly Grant[]): boolean {
  return parents.some((parent) => covers(parent, child));
}

export interface Attenuation {
  /** What the child run gets: never more than the parent has, never longer, and what it uses counts against the parent's limits too. */
  readonly granted: readonly Grant[];
  /** What was asked for and is not handed on as it stands. */
  readonly refused: readonly Grant[];
}

/** The grants of a child run: those that it wants and its parent has, and of those that it wants wider than its parent has them the parent's own. */
export function attenuate(parents: readonly Grant[], wanted: readonly Grant[], now = Date.now()): Attenuation {
  const [granted, refused] = [wanted.filter((child) => isWithin(child, parents)), wanted.filter((child) => !isWithin(child, parents))];
  const narrower = parents.filter((parent) => isWithin(parent, refused) && !isWithin(parent, granted));
  return { granted: [...granted.map((child) => asBroadAs(limitedBy(child, parents, now), parents)), ...narrower], refused };
}

/**
 * Marks an exact grant of a child that its parent holds only as a pattern. After untrusted text only exact grants count: without the mark, a run could get around that by
 * starting a child with exactly the grant that the text asks for.
 */
function asBroadAs(child: Grant, parents: readonly Grant[]): Grant {
  return !isExact(child) || parents.some((parent) => isExact(parent) && covers(parent, child)) ? child : { ...child, fromBroader: true };
}

/** With the limits of the parent's grant that covers it: one without limits if there is one, else the first by its text, so that their order does not count. */
function limitedBy(child: Grant, parents: readonly Grant[], now: number): Grant {
  const covering = parents.filter((parent) => covers(parent, child));
  if (covering.some(({ limits }) => limits === undefined)) return child;
  const [parent] = covering.sort((a, b) => (a.text < b.text ? -1 : 1));
  if (parent === undefined || parent === child) return child;
  const above = parent.meter ?? new GrantMeter(parent.limits ?? {}, now);
  const meter = new GrantMeter(child.limits ?? {}, now, above);
  return { ...child, text: `${splitLimits(child.text).body} ${describeLimits(meter.limits)}`, limits: meter.limits, meter };
}

/** As a run holds them: `for` counts from now, and what is used is counted. */
export function begin(grants: readonly Grant[], now = Date.now()): readonly Grant[] {
  return grants.map((grant) => (grant.limits === undefined || grant.meter !== undefined ? grant : { ...grant, meter: new GrantMeter(grant.limits, now) }));
}
