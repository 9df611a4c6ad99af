import { crawlToCsv } from './crawl-to-csv.ts';
import { failingTest } from './failing-test.ts';
import { fixPage } from './fix-page.ts';
import { joinServers } from './join-servers.ts';
import { refactor } from './refactor.ts';
import type { SeededTask } from './seeded-task.ts';

export const seededTasks: readonly SeededTask[] = [failingTest, crawlToCsv, joinServers, refactor, fixPage];
