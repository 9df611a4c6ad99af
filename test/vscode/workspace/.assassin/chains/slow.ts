import { log, progress } from 'assassin';

export const meta = { title: 'Slow count', description: 'Counts for minutes', grants: [] };

export default async function () {
  for (let second = 0; second < 300; second++) {
    progress(`${second} seconds`, second / 300);
    log(`second ${second}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return 'done';
}
