import { toErrorInfo } from '../../shared/errors.ts';

/** Turns that broke off in the middle are asked again this often; what fails before any answer is the model layers' to repeat. */
const maxBroken = 2;

/** Whether a turn that failed may be asked once more: nothing of it has had an effect yet, so that only its tokens are lost. */
export function mayAskAgain(error: unknown, brokenBefore: number): boolean {
  const { code, data } = toErrorInfo(error);
  return code === 'model-unavailable' && data?.['broken'] === true && brokenBefore < maxBroken;
}
