import { overhead } from './agent/overhead.ts';
import { tokens } from './tokens/tokens.ts';

/** What the loop itself costs beside others, and what CodeAct saves in tokens. */
export default async function agent() {
  return [...(await overhead()), ...(await tokens())];
}
