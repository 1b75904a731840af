import fc from 'fast-check'
import { afterEach, expect, inject } from 'vitest'
import { seed } from './support/endurance.ts'

// For programs that tests start, too: what those leave behind when they are killed goes with the folder.
process.env.TMPDIR = inject('temporary')

// A red test is red again.
fc.configureGlobal({ seed })

/** Test files share their worker, and this runs before each of them: the console is wrapped once. */
const shared = globalThis as { consoleErrors?: unknown[][] }
if (!shared.consoleErrors) {
  const calls: unknown[][] = []
  const print = console.error
  console.error = (...args: unknown[]) => {
    calls.push(args)
    print(...args)
  }
  shared.consoleErrors = calls
}
const { consoleErrors } = shared

afterEach(() => {
  expect(consoleErrors.splice(0), 'console.error was called during this test').toEqual([])
})
