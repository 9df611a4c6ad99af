import { AssassinError } from '../shared/errors.ts';
import { freeze, type FreezeOptions, type FrozenChain } from './freeze.ts';
import { freezePages } from './freeze-pages.ts';

/**
 * Makes a chain of a run: of the code that a model wrote, and where there is none (or `pages` is wanted) of what it did with pages. Throws `chain-invalid` where
 * there is neither.
 */
export async function freezeRun(options: FreezeOptions, pages: boolean): Promise<FrozenChain> {
  if (pages) {
    const frozen = await freezePages(options);
    if (frozen === undefined) throw new AssassinError('chain-invalid', 'This run has used no page that could become a chain.', { hint: 'Choose a run in which browser.open or browser.verify ended well.' });
    return frozen;
  }
  try {
    return await freeze(options);
  } catch (error) {
    const frozen = AssassinError.isInstance(error) && error.code === 'chain-invalid' ? await freezePages(options) : undefined;
    if (frozen === undefined) throw error;
    return frozen;
  }
}
