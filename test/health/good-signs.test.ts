import { expect, test } from 'vitest'
import { createGoodSigns } from '../../src/orchestrator/health/sharing/good-signs.ts'

test('what a dashboard noted before it checks agents itself is not told when it no longer does', async () => {
  const told: unknown[] = []
  const signs = createGoodSigns({ noteGood: async (found) => void told.push(...found) })
  signs.note('writer', 'http://localhost:1')
  signs.note('writer', 'http://localhost:2')
  expect(signs.take()).toEqual([{ agentId: 'writer', url: 'http://localhost:2' }])
  signs.note('reader', 'http://localhost:3')
  await signs.tell()
  await signs.tell()
  expect(told).toEqual([{ agentId: 'reader', url: 'http://localhost:3' }])
})
