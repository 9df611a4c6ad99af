import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Two cores are what the smallest machine has; a browser and its page keep both busy. */
const workers = 2;

const minutes = 60_000;

/** They take long although their files are short, and vitest begins with the largest: begun last, one of them keeps a worker busy while the other has nothing left to do. */
const long = /\/(?:kill-matrix|hostile|kept-memory|fuzz|chaos|soak|busy-machine|killed-host|look-up|egress-attempts|flooding-pages|injection\/(?:pages|strangers))\.test\.ts$/;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const ofProjects = Map.groupBy(await super.sort(files), ({ project }) => project.name);
    return [...ofProjects.values()].flatMap((sorted) => [true, false].flatMap((first) => sorted.filter(({ moduleId }) => long.test(moduleId) === first)));
  }
}

export default defineConfig({
  test: {
    // A gate that fails must say in full what it found.
    chaiConfig: { truncateThreshold: 2000 },
    // What is polled for is awaited, not timed: one second, vitest's own limit, is little for two busy processors.
    expect: { poll: { timeout: 10_000 } },
    pool: 'forks',
    maxWorkers: workers,
    // A test that leaves a handle open must not hang the whole run.
    teardownTimeout: 10_000,
    sequence: { sequencer: LongFirst },
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 15_000 } },
      { extends: true, test: { name: 'integration', include: ['test/integration/**/*.test.ts'], testTimeout: 1 * minutes, hookTimeout: 1 * minutes } },
      { extends: true, test: { name: 'webview', include: ['test/webview/**/*.test.ts'], testTimeout: 1 * minutes, hookTimeout: 1 * minutes } },
      { extends: true, test: { name: 'quality', include: ['test/quality/**/*.test.ts'], testTimeout: 1 * minutes } },
    ],
  },
});
