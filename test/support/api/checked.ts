import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { ApiDocument, Schema } from '../../../src/web/api/description.ts'

export type Checks = (schema: Schema, value: unknown) => string

/** Says by the document alone what is wrong with a value; empty where nothing is. */
export function createChecks({ components }: ApiDocument): Checks {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false })
  ajv.addSchema(asPartOf({ $id: 'api', components }))
  const compiled = new Map<Schema, ValidateFunction>()
  return (schema, value) => {
    const validate = compiled.get(schema) ?? ajv.compile(asPartOf(schema))
    compiled.set(schema, validate)
    return validate(value) ? '' : ajv.errorsText(validate.errors)
  }
}

function asPartOf<One extends object>(schema: One): One {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"api#/'))
}
