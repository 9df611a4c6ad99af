import { log, progress } from 'assassin';

export const meta = { title: 'Slow count', description: 'Counts for a minute', grants: [] };

export default async function () {
  for (let second = 0; second < 60; second++) {
    progress(`${second} seconds`, second / 60);
    log(`second ${second}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return 'done';
}
