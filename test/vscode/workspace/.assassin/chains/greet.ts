import { log, workspace } from 'assassin';

export const meta = {
  title: 'Greeting card',
  description: 'Writes a greeting for a name that must be given',
  grants: ['fs.write cards/**'],
  input: {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string', minLength: 1 }, times: { type: 'integer', minimum: 1, default: 2 } },
  },
};

export default async function (input: { name: string; times: number }) {
  const card = `Hello, ${input.name}! `.repeat(input.times).trim();
  await workspace.writeFile('cards/card.txt', card);
  log('The card is written.');
  return { card };
}
