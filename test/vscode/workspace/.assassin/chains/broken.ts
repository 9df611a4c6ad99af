export const meta = { description: 'Does not compile' };

export default async function () {
  const rows = [1, 2;
  return rows;
}
