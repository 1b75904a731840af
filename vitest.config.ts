import { defineConfig } from 'vitest/config'
import { frontDoorFiles } from './test/support/front-door.ts'
import { LongFirst } from './test/support/long-first.ts'
import { isOnPostgres } from './test/support/store/which.ts'

export default defineConfig({
  test: {
    include: isOnPostgres ? frontDoorFiles() : ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // Unpacks the browser for test/e2e, once for all workers: unpacked by several at the same time, it dies with ETXTBSY.
    globalSetup: [
      'test/support/browser/chromium-setup.ts',
      'test/support/temporary-setup.ts',
      'test/support/postgres/postgres-setup.ts',
    ],
    pool: 'forks',
    // Files share their worker: modules are loaded once, and one browser serves all files of test/e2e.
    isolate: false,
    // One more than two cores: each waits for processes and pages a quarter of its time.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 30_000,
  },
})
