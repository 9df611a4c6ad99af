import { log } from 'assassin';

export const meta = { description: 'Says hello', grants: [] };

export default async function (input: { name?: string }) {
  const greeting = `Hello, ${input.name ?? 'world'}!`;
  log(greeting);
  return { greeting };
}
