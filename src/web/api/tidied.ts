import type { ApiDocument, Operation } from './description.ts'
import { resolved } from './schema-fields.ts'

type Schemas = NonNullable<NonNullable<ApiDocument['components']>['schemas']>

export function tidied(document: ApiDocument): ApiDocument {
  return withoutUnused({ ...document, paths: withNeededBodies(document) })
}

/** The library names each schema twice, as what is sent and as what is answered. */
function withoutUnused({ components, ...rest }: ApiDocument): ApiDocument {
  const { schemas = {}, ...others } = components ?? {}
  const text = JSON.stringify([rest, schemas])
  const used = Object.entries(schemas).filter(([name]) => text.includes(`"#/components/schemas/${name}"`))
  return { ...rest, components: { ...others, schemas: Object.fromEntries(used) } }
}

/** The library says of each body that it is needed. */
function withNeededBodies({ paths, components }: ApiDocument): ApiDocument['paths'] {
  const tidy = (operation: Operation): Operation =>
    operation.requestBody
      ? { ...operation, requestBody: bodyOf(operation.requestBody, components?.schemas ?? {}) }
      : operation
  return Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => [
      path,
      Object.fromEntries(Object.entries(methods).map(([method, operation]) => [method, tidy(operation)])),
    ]),
  )
}

function bodyOf({ content }: NonNullable<Operation['requestBody']>, schemas: Schemas) {
  const isNeeded = ({ schema = {} }: (typeof content)[string]) => (resolved(schema, schemas).required ?? []).length > 0
  return { required: Object.values(content).some(isNeeded), content }
}
