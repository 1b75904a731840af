import { afterEach, expect } from 'vitest'

const complaints: unknown[][] = []
const print = console.error
console.error = (...said: unknown[]) => {
  complaints.push(said)
  print(...said)
}

afterEach(() => {
  expect(complaints.splice(0), 'console.error was called during this test').toEqual([])
})
