import { z } from 'zod'
import { looseValue } from '../../shared/json.ts'
import type { About } from '../protocol.ts'

const text = z.string().catch('')
const document = z.object({
  info: z.object({ title: text, description: text }).catch({ title: '', description: '' }),
  paths: z.record(z.string(), z.unknown()),
})
const withPost = z.object({ post: z.looseObject({}) })

export function readOpenApi(written: string): About | undefined {
  const read = document.safeParse(looseValue(written))
  if (!read.success) return undefined
  const { info, paths } = read.data
  // Some list their paths with the prefix they are behind, some without.
  const listsRun = Object.entries(paths).some(
    ([path, operations]) => /\/run\/?$/.test(path) && withPost.safeParse(operations).success,
  )
  return { ...info, listsRun }
}
