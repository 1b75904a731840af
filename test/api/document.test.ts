import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { operationsOf, readDocument } from '../support/api/operations.ts'
import { api, buildTestApp } from '../support/app.ts'

test('the API is described by a valid OpenAPI document', async () => {
  const app = await buildTestApp()
  const { status, json } = await api(app, 'GET', '/openapi.json')
  expect(status).toBe(200)
  expect(json).toMatchObject({ openapi: '3.1.0', info: { title: 'Configurable Agents' } })
  expect(json.components.securitySchemes.bearer).toMatchObject({ type: 'http', scheme: 'bearer' })
  expect(await new Validator().validate(json)).toMatchObject({ valid: true })
  expect(json.paths['/runs/{id}'].get.responses['200'].content['application/json'].schema).toEqual({
    $ref: '#/components/schemas/Run',
  })
})

test('each reference leads to a component, and each component is there once and used', async () => {
  const document = await readDocument(await buildTestApp())
  const { schemas = {} } = document.components ?? {}
  const used = new Set(
    JSON.stringify(document)
      .matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)
      .map(([, name]) => name),
  )
  expect(JSON.stringify(document).match(/"\$ref":/g)!.length).toBeGreaterThan(used.size)
  expect([...used].toSorted()).toEqual(Object.keys(schemas).toSorted())
  expect(JSON.stringify(document).match(/"\$ref":"(?!#\/components\/schemas\/\w+")/)).toBeNull()
  const written = Object.values(schemas).map(({ description: _, ...rest }) => JSON.stringify(rest))
  expect(new Set(written).size).toBe(written.length)
})

test('a body without needed fields need not be sent', async () => {
  const operations = operationsOf(await readDocument(await buildTestApp()))
  const isNeeded = (wanted: string) => operations.find(({ name }) => name === wanted)!.operation.requestBody?.required
  expect(isNeeded('POST /orchestrator/{id}/execute')).toBe(true)
  expect(isNeeded('POST /orchestrator/{id}/edit')).toBe(false)
  expect(isNeeded('POST /runs/{id}/rerun')).toBeUndefined()
})
