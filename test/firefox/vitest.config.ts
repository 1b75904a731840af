import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/firefox/*.walk.ts'],
    setupFiles: ['test/setup.ts'],
    globalSetup: ['test/support/temporary-setup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
  },
})
