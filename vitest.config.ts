import { defineConfig } from 'vitest/config';

/** Two cores are what the smallest machine has; a browser and its page keep both busy. */
const workers = 2;

const minutes = 60_000;

export default defineConfig({
  test: {
    // A gate that fails must say in full what it found.
    chaiConfig: { truncateThreshold: 2000 },
    pool: 'forks',
    maxWorkers: workers,
    // A test that leaves a handle open must not hang the whole run.
    teardownTimeout: 10_000,
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 15_000 } },
      { extends: true, test: { name: 'integration', include: ['test/integration/**/*.test.ts'], testTimeout: 1 * minutes, hookTimeout: 1 * minutes } },
      { extends: true, test: { name: 'webview', include: ['test/webview/**/*.test.ts'], testTimeout: 1 * minutes, hookTimeout: 1 * minutes } },
      { extends: true, test: { name: 'quality', include: ['test/quality/**/*.test.ts'], testTimeout: 1 * minutes } },
    ],
  },
});
