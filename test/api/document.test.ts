import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { api, buildTestApp } from '../support/app.ts'

test('the API is described by a valid OpenAPI document', async () => {
  const app = await buildTestApp()
  const { status, json } = await api(app, 'GET', '/openapi.json')
  expect(status).toBe(200)
  expect(json).toMatchObject({ openapi: '3.1.0', info: { title: 'Configurable Agents' } })
  expect(await new Validator().validate(json)).toMatchObject({ valid: true })
  expect(json.paths['/runs/{id}'].get.responses['200'].content['application/json'].schema).toEqual({
    $ref: '#/components/schemas/Run',
  })
})
