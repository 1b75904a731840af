import { curlOf } from './curl.ts'
import type { ApiDocument, Content, Operation } from './description.ts'
import { fieldsOf, resolved, typeOf } from './schema-fields.ts'

type Schemas = NonNullable<NonNullable<ApiDocument['components']>['schemas']>

export function presentApi({ tags = [], paths, components }: ApiDocument, dashboard: string) {
  const schemas = components?.schemas ?? {}
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => presentOperation(method, path, operation, schemas, dashboard)),
  )
  const byTag = Map.groupBy(operations, ({ tag }) => tag)
  return tags.map(({ name, description = '' }) => ({
    id: idOf(name),
    name,
    description,
    operations: byTag.get(name) ?? [],
  }))
}

function needsInWords({ 'x-needs': needs, security = [] }: Operation): string {
  const isOfSession = security.length > 0 && security.every(({ session }) => session !== undefined)
  if (isOfSession) return 'Needs the session of a login: tokens have no account.'
  if (needs === 'anyone') return 'Needs no login.'
  if (needs === 'agent') return 'For agents, with a registration token. Others need the role admin.'
  return needs === undefined ? '' : `Needs the role ${needs}.`
}

const idOf = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

function presentOperation(method: string, path: string, operation: Operation, schemas: Schemas, dashboard: string) {
  return {
    id: idOf(`${method} ${path}`),
    tag: operation.tags?.[0] ?? '',
    method: method.toUpperCase(),
    isChange: method !== 'get',
    path,
    summary: operation.summary ?? '',
    description: operation.description ?? '',
    needs: needsInWords(operation),
    parameters: presentParameters(operation, schemas),
    bodies: presentContent(operation.requestBody?.content, schemas),
    answers: statedAnswers(operation).map(([status, { description, content }]) => ({
      status,
      isGood: status.startsWith('2'),
      description,
      contents: presentContent(content, schemas),
    })),
    curl: curlOf(method, path, operation, dashboard),
  }
}

/** The page says once that anything may fail. */
const statedAnswers = ({ responses }: Operation) => Object.entries(responses).filter(([status]) => status !== 'default')

function presentParameters({ parameters = [] }: Operation, schemas: Schemas) {
  const inPathFirst = [...parameters].sort((a, b) => Number(a.in !== 'path') - Number(b.in !== 'path'))
  return inPathFirst.map(({ name, in: where, required, description, schema = {} }) => ({
    path: name,
    type: `${typeOf(schema, schemas)}, ${where === 'path' ? 'in the path' : where}`,
    isRequired: required === true,
    description: description ?? schema.description ?? '',
  }))
}

/** Pages are for browsers, and problems are the same everywhere. */
function presentContent(content: Content = {}, schemas: Schemas) {
  return Object.entries(content)
    .filter(([type]) => type !== 'text/html' && type !== 'application/problem+json')
    .map(([type, { schema = {} }]) => ({
      type,
      description: resolved(schema, schemas).description ?? '',
      kind: typeOf(schema, schemas),
      fields: fieldsOf(schema, schemas),
    }))
}
