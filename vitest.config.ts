import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // Unpacks the browser for test/e2e, once for all workers: unpacked by several at the same time, it dies with ETXTBSY.
    globalSetup: ['test/support/chromium-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 15_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 15_000,
  },
})
