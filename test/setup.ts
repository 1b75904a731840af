import { afterEach, expect } from 'vitest'

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
