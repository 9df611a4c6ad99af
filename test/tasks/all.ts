import { bugFromLog } from './bug-from-log.ts';
import { cleanCsv } from './clean-csv.ts';
import { crawlToCsv } from './crawl-to-csv.ts';
import { deadLinks } from './dead-links.ts';
import { failingTest } from './failing-test.ts';
import { fillForm } from './fill-form.ts';
import { fixPage } from './fix-page.ts';
import { joinServers } from './join-servers.ts';
import { mergeConflict } from './merge-conflict.ts';
import { migrateConfig } from './migrate-config.ts';
import { pagedApi } from './paged-api.ts';
import { refactor } from './refactor.ts';
import type { SeededTask } from './seeded-task.ts';
import { summarise } from './summarise.ts';
import { writeScript } from './write-script.ts';

export const seededTasks: readonly SeededTask[] = [
  failingTest, crawlToCsv, joinServers, refactor, fixPage, bugFromLog, migrateConfig, pagedApi, fillForm, summarise, writeScript, mergeConflict, cleanCsv, deadLinks,
];
