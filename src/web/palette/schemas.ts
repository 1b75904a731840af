import { z } from 'zod'
import { pageOnly } from '../http/answers.ts'

export const showPalette = {
  hide: true,
  querystring: z.object({ q: z.string().default('').catch('') }),
  response: { 200: pageOnly('What the letters may mean'), 302: pageOnly('To the search of runs') },
}
