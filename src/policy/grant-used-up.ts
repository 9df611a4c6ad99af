import { AssassinError } from '../shared/errors.ts';
import { describeAction, hostOf, type Action } from './action.ts';
import { limitUnits, type UsedUp } from './grant-meter.ts';
import type { Grant } from './grant.ts';

/** What ends a transfer or call in the middle: names whom it was with, and the grant whose limit was reached. */
export function grantUsedUp(action: Action, grant: Grant, { what, limit }: UsedUp): AssassinError {
  const host = hostOf(action);
  const each = what === 'hostBytes' ? ' for each host' : '';
  return new AssassinError('budget-exceeded', `${describeAction(action)} was ended: the grant "${grant.text}" has used up its ${limit} ${limitUnits[what]}${each}.`, {
    hint: 'Give the grant a higher limit if the work is meant to be that large.',
    data: { budget: 'grant', grant: grant.text, limit, unit: what === 'hostBytes' ? 'bytes' : what, ...(host === undefined ? {} : { host }) },
  });
}

/** Whether it is the limit of one grant that was reached, and not that of the whole run. */
export function isGrantUsedUp(error: unknown): error is AssassinError {
  return AssassinError.isInstance(error) && error.code === 'budget-exceeded' && error.data?.['budget'] === 'grant';
}
