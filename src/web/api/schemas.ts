import { z } from 'zod'
import { json, pageOnly } from '../http/answers.ts'

export const showDocument = {
  tags: ['Dashboard'],
  summary: 'This API as an OpenAPI document',
  response: { 200: json('OpenAPI 3.1', z.looseObject({ openapi: z.string() })) },
}

export const showPage = { hide: true, response: { 200: pageOnly('This API, to read') } }
