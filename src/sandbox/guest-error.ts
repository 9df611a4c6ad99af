import type { GuestError } from './protocol.ts';

/** Reads what the boot code wrote about an error. It passed through the guest, so nothing is taken for granted. */
export function parseGuestError(json: string): GuestError {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  const fields: { readonly name?: unknown; readonly message?: unknown; readonly stack?: unknown; readonly call?: unknown } = typeof value === 'object' && value !== null ? value : {};
  const { name, message, stack, call } = fields;
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : '',
    stack: typeof stack === 'string' ? stack : '',
    ...(typeof call === 'number' ? { call } : {}),
  };
}
