import type { ApiDocument, Content, Operation } from '../../../src/web/api/description.ts'
import { api, type TestApp } from '../app.ts'

export type Described = {
  /** `POST /runs/{id}/rerun` */
  name: string
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  operation: Operation
}

export async function readDocument(app: TestApp): Promise<ApiDocument> {
  return (await api(app, 'GET', '/openapi.json')).json
}

export function operationsOf({ paths }: ApiDocument): Described[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([verb, operation]) => {
      const method = verb.toUpperCase() as Described['method']
      return { name: `${method} ${path}`, method, path, operation }
    }),
  )
}

export type Values = { params: Record<string, unknown>; query: Record<string, unknown>; body: unknown }

/** The values of its examples; undefined where one that is needed is missing. */
export function examplesOf({ operation }: Described): Values | undefined {
  const { parameters = [], requestBody } = operation
  const given = parameters.map((one) => [one, one.example ?? one.schema?.examples?.[0]] as const)
  const media = requestBody?.content['application/json']
  const body = media?.example ?? Object.values(media?.examples ?? {})[0]?.value
  const isMissing = given.some(([{ required }, value]) => required && value === undefined)
  if (isMissing || (media && body === undefined)) return undefined
  const values = (where: string) =>
    Object.fromEntries(
      given.filter(([one, value]) => one.in === where && value !== undefined).map(([one, value]) => [one.name, value]),
    )
  return { params: values('path'), query: values('query'), body }
}

export function urlOf(path: string, { params, query }: Pick<Values, 'params' | 'query'>): string {
  const text = (value: unknown) => encodeURIComponent(String(value).toWellFormed())
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => text(params[name]))
  const fields = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one) => `${text(name)}=${text(one)}`),
  )
  return fields.length === 0 ? filled : `${filled}?${fields.join('&')}`
}

/** What is declared for a status, or else for every other failure. */
export function declaredAt(
  { operation }: Described,
  status: number,
): { content: Content; isNamed: boolean } | undefined {
  const named = operation.responses[status]
  const found = named ?? (status >= 400 ? operation.responses.default : undefined)
  return found && { content: found.content ?? {}, isNamed: named !== undefined }
}
