import { z } from 'zod'
import { looseValue } from '../json.ts'

/** What a server announces of itself. `title` and `description` are empty where it says nothing. */
export type OpenApi = { title: string; description: string; announcesRun: boolean }

const text = z.string().catch('')
const operations = z
  .object({ post: z.looseObject({}) })
  .optional()
  .catch(undefined)
const document = z.object({
  info: z.object({ title: text, description: text }).catch({ title: '', description: '' }),
  paths: z.object({ '/run': operations, '/run/': operations }),
})

/** Reads an OpenAPI document as far as it says something of an agent; undefined when the text is none. */
export function readOpenApi(written: string): OpenApi | undefined {
  const read = document.safeParse(looseValue(written))
  if (!read.success) return undefined
  const { info, paths } = read.data
  return { ...info, announcesRun: (paths['/run'] ?? paths['/run/']) !== undefined }
}
