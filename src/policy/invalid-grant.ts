import { AssassinError } from '../shared/errors.ts';

export function invalidGrant(message: string, hint: string): AssassinError {
  return new AssassinError('invalid-grant', message, { hint });
}
