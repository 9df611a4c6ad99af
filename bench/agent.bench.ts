import { overhead } from './agent/overhead.ts';

export default async function agent() {
  return await overhead();
}
