import { install } from 'undici'
import { afterEach, expect } from 'vitest'

// Before msw listens in any test: msw stands in front of the fetch that is there by then, and sees no other.
install()

const complaints: unknown[][] = []
const print = console.error
console.error = (...said: unknown[]) => {
  complaints.push(said)
  print(...said)
}

afterEach(() => {
  expect(complaints.splice(0), 'console.error was called during this test').toEqual([])
})
